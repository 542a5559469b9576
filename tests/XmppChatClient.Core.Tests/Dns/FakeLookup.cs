using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Core.Tests.Dns;

/// <summary>Records of the domain example.org, and what was asked for.</summary>
internal sealed class FakeLookup : IServiceLookup
{
    private readonly List<string> _asked = [];

    /// <summary>Of <c>_xmpp-client</c>; <see langword="null"/> is no answer.</summary>
    public ServiceRecord[]? StartTls { get; set; } = [];

    /// <summary>Of <c>_xmpps-client</c>; <see langword="null"/> is no answer.</summary>
    public ServiceRecord[]? DirectTls { get; set; } = [];

    public TimeSpan TimeToLive { get; set; }

    /// <summary>What was asked since this was read before, in the order of the names.</summary>
    public string Asked
    {
        get
        {
            lock (_asked)
            {
                var asked = string.Join(' ', _asked.Order(StringComparer.Ordinal));
                _asked.Clear();
                return asked;
            }
        }
    }

    public static ServiceRecord Record(string host, int port, int priority = 0, int weight = 0) =>
        new(new ServiceTarget(host, port), (ushort)priority, (ushort)weight);

    public Task<ServiceAnswer> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        lock (_asked)
        {
            _asked.Add(name);
        }

        var records = name.StartsWith("_xmpps-", StringComparison.Ordinal) ? DirectTls : StartTls;
        return records is null
            ? throw new XmppConnectionException($"DNS did not answer for {name}: no luck")
            : Task.FromResult(new ServiceAnswer(records, TimeToLive));
    }
}
