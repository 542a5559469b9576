using DnsClient;

namespace XmppChatClient.Transports.Dns;

/// <summary>SRV look-up by DnsClient, since .NET has none.</summary>
internal sealed class DnsServiceLookup : IServiceLookup
{
    private LookupClient? _dns;

    public async Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            _dns ??= new LookupClient();
            var answer = await _dns.QueryAsync(name, QueryType.SRV, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return
            [
                .. answer.Answers.SrvRecords().Select(r => new ServiceRecord(
                    new ServiceTarget(r.Target.Value.Length > 1 ? r.Target.Value.TrimEnd('.') : r.Target.Value, r.Port),
                    r.Priority, r.Weight)),
            ];
        }
        catch (DnsResponseException e)
        {
            throw new XmppConnectionException($"DNS did not answer for {name}: {e.Message}", e);
        }
    }
}
