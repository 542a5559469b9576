using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>What a connection's stream is about before it has a session. Under the gate.</summary>
internal interface IStreamDialogue
{
    /// <summary>The peer opened a stream, its first or another one.</summary>
    /// <exception cref="XmppProtocolException">Not one for us.</exception>
    void Open(XmppElement header);

    /// <summary>Sends our opening tag if that is still to be done.</summary>
    void EnsureOpened();

    /// <exception cref="XmppProtocolException">It ends the stream.</exception>
    StreamStep Handle(XmppElement element);

    /// <summary>The stream is over, or being closed.</summary>
    void Ended();
}
