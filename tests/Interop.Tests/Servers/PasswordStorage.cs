namespace XmppChatClient.Interop.Tests.Servers;

public enum PasswordStorage
{
    /// <summary>The server knows the passwords and so can offer every SCRAM it has.</summary>
    Plain,

    /// <summary>The server keeps SCRAM-SHA-1 keys and so can offer only SCRAM-SHA-1 and PLAIN.</summary>
    Hashed,
}
