using XmppChatClient.Precis;

namespace XmppChatClient.Transports.Dns;

/// <summary>Finds where a domain's XMPP server is (RFC 6120 §3.2, RFC 2782).</summary>
internal sealed class ServiceResolver(IServiceLookup lookup, Func<int, int> random)
{
    /// <summary>The targets to try, in order. Without SRV records, or without any answer about them, the domain itself.
    /// </summary>
    /// <exception cref="XmppConnectionException">The domain says that it offers no such service.</exception>
    public async Task<IReadOnlyList<ServiceTarget>> ResolveAsync(
        string domain, string service, int defaultPort, CancellationToken cancellationToken)
    {
        var ascii = Idna.ToAscii(domain);
        IReadOnlyList<ServiceRecord> records;
        try
        {
            records = await lookup.LookUpAsync($"_{service}._tcp.{ascii}", cancellationToken).ConfigureAwait(false);
        }
        catch (XmppConnectionException)
        {
            // RFC 6120 §3.2.1: no response is no records. The A look-up that follows reports what is really wrong.
            records = [];
        }

        if (records is [{ Target.Host: "." }])
        {
            throw new XmppConnectionException($"DNS says that {domain} offers no {service} service.");
        }

        return records.Count == 0 ? [new ServiceTarget(ascii, defaultPort)] : Order(records);
    }

    // RFC 2782: lower priorities first; within one, a draw in proportion to the weights.
    private List<ServiceTarget> Order(IReadOnlyList<ServiceRecord> records)
    {
        var order = new List<ServiceTarget>(records.Count);
        foreach (var group in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            // Records of weight 0 come first, which gives them a very small chance.
            var left = group.OrderBy(r => r.Weight).ToList();
            while (left.Count > 0)
            {
                var draw = random(left.Sum(r => r.Weight) + 1);
                var sum = 0;
                var chosen = left.First(r => (sum += r.Weight) >= draw);
                order.Add(chosen.Target);
                left.Remove(chosen);
            }
        }

        return order;
    }
}
