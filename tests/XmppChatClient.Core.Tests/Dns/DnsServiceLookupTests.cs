using CsCheck;
using XmppChatClient.Transports.Dns;

namespace XmppChatClient.Core.Tests.Dns;

/// <summary>What name servers say, and what else they may.</summary>
public sealed class DnsServiceLookupTests
{
    private const string Name = "_xmpp-client._tcp.example.org";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_come_with_the_shortest_time_to_live()
    {
        var answer = await LookUpAsync(q => DnsEnd.Message(
            q, 0, [DnsEnd.Service(300, 10, 5, 5222, "a.example.org."), DnsEnd.Service(60, 20, 0, 443, "b.example.org.")]));
        Assert.Equal(
            [new(new("a.example.org", 5222), 10, 5), new ServiceRecord(new("b.example.org", 443), 20, 0)], answer.Records);
        Assert.Equal(TimeSpan.FromSeconds(60), answer.TimeToLive);
    }

    [Fact]
    public async Task No_service_is_a_dot() =>
        Assert.Equal([new ServiceRecord(new(".", 0), 0, 0)], (await LookUpAsync(q => DnsEnd.Message(q, 0, [DnsEnd.Service(9, 0, 0, 0, ".")]))).Records);

    [Theory]
    [InlineData(3, 300, 60, 60)]
    [InlineData(3, 60, 300, 60)]
    [InlineData(0, 300, 60, 60)]
    [InlineData(3, null, null, 0)]
    public async Task That_there_are_none_holds_as_long_as_the_zone_says(int code, int? ttl, int? minimum, int seconds)
    {
        var answer = await LookUpAsync(q => DnsEnd.Message(q, code, [], ttl is null ? [] : [DnsEnd.Zone(ttl.Value, minimum!.Value)]));
        Assert.Empty(answer.Records);
        Assert.Equal(TimeSpan.FromSeconds(seconds), answer.TimeToLive);
    }

    [Fact]
    public async Task Answer_too_long_for_UDP_comes_over_TCP()
    {
        await using var server = new DnsEnd((question, overTcp) => overTcp
            ? DnsEnd.Message(question, 0, [.. Enumerable.Range(1, 1000).Select(i => DnsEnd.Service(60, i, 0, i, "a.example.org."))])
            : DnsEnd.Message(question, 0, [], isTruncated: true));
        Assert.Equal(1000, (await new DnsServiceLookup(server.Address).LookUpAsync(Name, Token).Soon()).Records.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Server_that_cannot_or_will_not_say_is_no_answer(int code)
    {
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => LookUpAsync(q => DnsEnd.Message(q, code, [])));
        Assert.StartsWith($"DNS did not answer for {Name}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_DNS_cannot_carry_is_no_answer()
    {
        await using var server = new DnsEnd((_, _) => null);
        await Assert.ThrowsAsync<XmppConnectionException>(
            () => new DnsServiceLookup(server.Address).LookUpAsync($"_xmpp-client._tcp.{new string('a', 64)}.org", Token).Soon());
    }

    [Fact]
    public async Task Mutated_answers_are_answers_or_none()
    {
        var mutation = Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[1, 8];
        (int At, byte Value)[] current = [];
        await using var server = new DnsEnd((question, overTcp) =>
        {
            var message = DnsEnd.Message(
                question, 0, [DnsEnd.Service(300, 10, 5, 5222, "a.example.org."), DnsEnd.Service(60, 20, 0, 443, "b.example.org.")],
                [DnsEnd.Zone(1, 2)]);
            foreach (var (at, value) in current)
            {
                // The first bytes are known to be the question's: another one's answer is waited past.
                message[2 + (at % (message.Length - 2))] = value;
            }

            return message[..^(current[0].Value % 3 == 0 ? current[0].At % 40 : 0)];
        });
        var lookup = new DnsServiceLookup(server.Address);
        await mutation.SampleAsync(
            async mutations =>
            {
                current = mutations;
                try
                {
                    var answer = await lookup.LookUpAsync(Name, Token).Soon();
                    Assert.True(answer.TimeToLive >= TimeSpan.Zero);
                }
                catch (XmppConnectionException)
                {
                }
            },
            iter: 1000, threads: 1);
    }

    private static async Task<ServiceAnswer> LookUpAsync(Func<byte[], byte[]> answer)
    {
        await using var server = new DnsEnd((question, _) => answer(question));
        return await new DnsServiceLookup(server.Address).LookUpAsync(Name, Token).Soon();
    }
}
