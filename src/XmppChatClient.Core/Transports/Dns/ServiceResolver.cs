using XmppChatClient.Precis;

namespace XmppChatClient.Transports.Dns;

/// <summary>Finds where a domain's XMPP server is (RFC 6120 §3.2, RFC 2782, XEP-0368 v1.1.0 §3).</summary>
internal sealed class ServiceResolver(XmppClientOptions options, IServiceLookup lookup, Func<int, int> random)
{
    private readonly ServiceMemory _memory = new(options.TimeProvider);

    // STARTTLS and direct TLS are as good as each other; which comes first is the server's to say.
    private readonly IReadOnlyList<(string Name, bool IsDirectTls)> _services = options.Tls switch
    {
        TlsMode.Required => [("xmpp-client", false), ("xmpps-client", true)],
        TlsMode.Direct => [("xmpps-client", true)],
        _ => [("xmpp-client", false)],
    };

    /// <summary>The targets to try. Without SRV records, or without any answer about them, the domain itself; none where the domain says
    /// that it offers no such service.</summary>
    public async Task<ServiceTargets> ResolveAsync(string domain, int defaultPort, CancellationToken cancellationToken)
    {
        var ascii = Idna.ToAscii(domain);
        var problems = new List<string>();
        var answers = await Task.WhenAll(_services.Select(s => AskAsync(NameOf(s.Name, ascii), problems, cancellationToken)))
            .ConfigureAwait(false);
        var records = answers.SelectMany((answer, i) => OfferedBy(answer.Answer, _services[i].IsDirectTls)).ToList();
        IReadOnlyList<ServiceTarget> targets = records.Count > 0 ? Order(records) : [];

        // RFC 2782: a target of "." is a decided no. What the other service's records offer holds all the same, but where there are none
        // the domain itself is not tried (XEP-0368 §3).
        if (records.Count == 0 && answers.Any(a => a.Answer?.Records.Count > 0))
        {
            problems.Add($"DNS says that {domain} offers no {string.Join(" or ", _services.Select(s => s.Name))} service");
        }
        else if (records.Count == 0)
        {
            targets = [new ServiceTarget(ascii, defaultPort, options.Tls == TlsMode.Direct)];
        }

        return new ServiceTargets(targets, problems) { AreRemembered = answers.Any(a => a.IsRemembered) };
    }

    /// <summary>Has DNS asked anew.</summary>
    public void Forget(string domain)
    {
        foreach (var (service, _) in _services)
        {
            _memory.Forget(NameOf(service, Idna.ToAscii(domain)));
        }
    }

    private static string NameOf(string service, string domain) => $"_{service}._tcp.{domain}";

    private async Task<(ServiceAnswer? Answer, bool IsRemembered)> AskAsync(
        string name, List<string> problems, CancellationToken cancellationToken)
    {
        if (_memory.Recall(name) is { } known)
        {
            return (known, true);
        }

        using var limit = new CancellationTokenSource(options.Timeouts.Connect, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        string problem;
        try
        {
            var answer = await lookup.LookUpAsync(name, either.Token).ConfigureAwait(false);
            _memory.Keep(name, answer);
            return (answer, false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = $"DNS did not answer for {name} within {options.Timeouts.Connect.TotalSeconds:0.#} s";
        }
        catch (XmppConnectionException e)
        {
            problem = e.Message;
        }

        // RFC 6120 §3.2.1: no answer is no records. The look-up of an address that follows may have one.
        lock (problems)
        {
            problems.Add(problem);
        }

        return (null, false);
    }

    private static IEnumerable<ServiceRecord> OfferedBy(ServiceAnswer? answer, bool isDirectTls) =>
        (answer?.Records ?? []).Where(r => r.Target.Host != ".").Select(r => r with { Target = r.Target with { IsDirectTls = isDirectTls } });

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
