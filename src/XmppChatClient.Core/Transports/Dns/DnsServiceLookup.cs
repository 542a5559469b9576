using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace XmppChatClient.Transports.Dns;

/// <summary>SRV look-up by DnsClient, since .NET has none.</summary>
/// <param name="server">Whom to ask. Default the system's name servers.</param>
internal sealed class DnsServiceLookup(IPEndPoint? server = null) : IServiceLookup
{
    private LookupClient? _dns;

    public async Task<ServiceAnswer> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            _dns ??= Create();
            var answer = await _dns.QueryAsync(name, QueryType.SRV, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            if (answer.HasError && answer.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain)
            {
                throw new XmppConnectionException($"DNS did not answer for {name}: {answer.ErrorMessage}");
            }

            SrvRecord[] records = [.. answer.Answers.SrvRecords()];
            return records.Length == 0
                ? new ServiceAnswer([], NoneFor(answer))
                : new ServiceAnswer([.. records.Select(Read)], Time(answer.Answers.Min(r => r.InitialTimeToLive)));
        }
        catch (Exception e) when (e is not XmppConnectionException && !cancellationToken.IsCancellationRequested)
        {
            // DnsClient 1.8.0 makes anything of an answer that is none, NullReferenceException included.
            throw new XmppConnectionException($"DNS did not answer for {name}: {e.Message}", e);
        }
    }

    // What it says is remembered here, by the client's clock.
    private LookupClient Create()
    {
        var options = server is null ? new LookupClientOptions() : new LookupClientOptions(server);
        options.UseCache = false;
        return new LookupClient(options);
    }

    // RFC 2308 §5: the SOA record of the zone says how long a name may be taken not to exist.
    private static TimeSpan NoneFor(IDnsQueryResponse answer) =>
        answer.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } zone
            ? Time(Math.Min(zone.InitialTimeToLive, zone.Minimum)) : TimeSpan.Zero;

    // RFC 2181 §8: with its first bit set it is zero.
    private static TimeSpan Time(long seconds) => TimeSpan.FromSeconds(Math.Max(0, seconds));

    private static ServiceRecord Read(SrvRecord record) => new(
        new ServiceTarget(record.Target.Value.Length > 1 ? record.Target.Value.TrimEnd('.') : record.Target.Value, record.Port),
        record.Priority, record.Weight);
}
