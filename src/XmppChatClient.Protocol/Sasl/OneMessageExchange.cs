namespace XmppChatClient.Sasl;

/// <summary>The course of a mechanism that is one message from the client and nothing from the server.</summary>
internal sealed class OneMessageExchange(string name)
{
    private bool _started;
    private bool _ended;

    public void Start()
    {
        if (_started)
            throw ExchangeMisuse.AlreadyBegun();

        _started = true;
    }

    public ReadOnlyMemory<byte> Respond()
    {
        Leave();
        throw new XmppSecurityException($"The server sent a challenge, and {name} has none.");
    }

    public void Complete(ReadOnlySpan<byte> additionalData)
    {
        Leave();
        if (!additionalData.IsEmpty)
            throw new XmppSecurityException($"The server sent data with its success, and {name} has none.");
    }

    private void Leave()
    {
        if (!_started || _ended)
            throw ExchangeMisuse.NotUnderWay();

        _ended = true;
    }
}
