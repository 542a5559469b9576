namespace XmppChatClient.Conformance.Tests;

/// <summary>The servers that every scenario runs against.</summary>
public enum Subject
{
    Prosody,
    Ejabberd,
    XmppTestServer,
}
