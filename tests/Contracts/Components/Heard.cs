using System.Threading.Channels;

namespace XmppChatClient.Contracts;

/// <summary>What a component's handler has heard.</summary>
internal sealed class Heard
{
    private readonly Channel<Stanza> _stanzas = Channel.CreateUnbounded<Stanza>();
    private readonly Channel<SessionStarted> _started = Channel.CreateUnbounded<SessionStarted>();

    public ChannelReader<SessionStarted> Started => _started.Reader;

    public void Add(Stanza stanza) => _stanzas.Writer.TryWrite(stanza);

    public void Add(SessionStarted started) => _started.Writer.TryWrite(started);

    public async Task<Stanza> NextAsync(Func<Stanza, bool> fits)
    {
        while (true)
        {
            var stanza = await _stanzas.Reader.ReadAsync().AsTask().WaitAsync(Hang.Limit, TestContext.Current.CancellationToken);
            if (fits(stanza))
            {
                return stanza;
            }
        }
    }
}
