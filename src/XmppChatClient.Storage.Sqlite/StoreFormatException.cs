namespace XmppChatClient.Storage;

/// <summary>The file is none of ours, or not for us. The message goes on where "The store x" ends.</summary>
internal sealed class StoreFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
