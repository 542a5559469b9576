using XmppChatClient.Testing.Accounts;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>How much of what they sent was handled in streams that nobody resumed in time, to tell their clients once
/// (XEP-0198 §5). As Prosody does it, for the last ten of each account.</summary>
internal sealed class ExpiredStreams
{
    private const int KeptOfAccount = 10;

    private readonly Dictionary<ServerAccount, List<(string Id, uint Handled)>> _streams = [];

    public void Add(ServerAccount account, string id, uint handled)
    {
        if (!_streams.TryGetValue(account, out var streams))
        {
            streams = [];
            _streams.Add(account, streams);
        }

        if (streams.Count == KeptOfAccount)
        {
            streams.RemoveAt(0);
        }

        streams.Add((id, handled));
    }

    /// <summary>The count of a stream, which is then forgotten; null when it is not known.</summary>
    public uint? Take(ServerAccount account, string id)
    {
        if (!_streams.TryGetValue(account, out var streams))
        {
            return null;
        }

        var index = streams.FindIndex(s => s.Id == id);
        if (index < 0)
        {
            return null;
        }

        var handled = streams[index].Handled;
        streams.RemoveAt(index);
        return handled;
    }

    public void Remove(ServerAccount account) => _streams.Remove(account);
}
