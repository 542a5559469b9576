using XmppChatClient.Session;

namespace XmppChatClient.Core.Tests;

/// <summary>A network that changes when a test says so.</summary>
internal sealed class FakeNetwork : INetworkChanges
{
    private readonly Lock _gate = new();
    private readonly List<Action> _watchers = [];

    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count;
            }
        }
    }

    public IDisposable Watch(Action changed)
    {
        lock (_gate)
        {
            _watchers.Add(changed);
        }

        return new Watcher(this, changed);
    }

    public void Change()
    {
        Action[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        foreach (var changed in watchers)
        {
            changed();
        }
    }

    private sealed class Watcher(FakeNetwork network, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (network._gate)
            {
                network._watchers.Remove(changed);
            }
        }
    }
}
