using XmppChatClient.Stanzas;

namespace XmppChatClient.Testing;

/// <summary>What a test expected did not happen, or the test server cannot do what it was told to.</summary>
public sealed class TestServerException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What the server refused with; null when it did not refuse anything.</summary>
    public StanzaError? Error { get; init; }
}
