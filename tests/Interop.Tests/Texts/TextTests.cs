using System.Text;
using CsCheck;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests.Texts;

/// <summary>Text with any character in it arrives as it was sent, but for line ends that the servers change, or is refused
/// before anything of it is sent.</summary>
public sealed class TextTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachServer]
    public async Task Every_character_arrives_or_is_refused(ServerKind kind)
    {
        await using var courier = new TextCourier(await servers.GetAsync(kind));
        var characters = Enumerable.Range(0, 0x110000)
            .Select(c => c is >= 0xD800 and <= 0xDFFF ? $"{(char)c}" : char.ConvertFromUtf32(c))
            .ToLookup(c => TextCourier.FirstForbidden(c) is null);
        var together = characters[true].Chunk(1_000).Select(c => string.Concat(c));
        var alone = characters[false].Select(c => $"a{c}b");
        await courier.CarryAsync([.. together, .. alone], Token);
    }

    [Theory, EachServer]
    public async Task Any_text_arrives_or_is_refused(ServerKind kind)
    {
        await using var courier = new TextCourier(await servers.GetAsync(kind));
        await TextGenerators.Text.Array[1, 100].SampleAsync(
            texts => courier.CarryAsync(texts, Token), iter: 40, threads: 1);
    }

    [Theory, EachServer]
    public async Task Carriage_return_is_lost_by_the_server_and_not_by_us(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var romeo = await Accounts.LoginNewAsync(server, "romeo", Token);
        var user = $"raw-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, Token);
        await using var juliet = await RawStream.ConnectAsync(server, server.Port, Token);
        await juliet.LoginAsync(user, server.Password, Token);
        await juliet.SendAsync("<presence id='here'/>", Token);
        await juliet.ReadUntilAsync(["<presence"], Token);

        await romeo.SendAsync(Jid.Parse($"{user}@{server.Domain}"), "a\rb\r\nc", Token);
        Assert.Contains("<body>a\rb\r\nc</body>", await juliet.ReadUntilAsync(["</body>"], Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerKind.Prosody, "x")]
    [InlineData(ServerKind.Prosody, "<")]
    [InlineData(ServerKind.Prosody, "'")]
    [InlineData(ServerKind.Prosody, "🎉")]
    [InlineData(ServerKind.Ejabberd, "x")]
    [InlineData(ServerKind.Ejabberd, "<")]
    [InlineData(ServerKind.Ejabberd, "'")]
    [InlineData(ServerKind.Ejabberd, "🎉")]
    public async Task Text_as_long_as_the_server_takes_arrives(ServerKind kind, string filling)
    {
        const int Envelope = 1_000;
        await using var courier = new TextCourier(await servers.GetAsync(kind));
        var sent = Encoding.UTF8.GetByteCount(filling.Replace("<", "&lt;", StringComparison.Ordinal));
        var text = new StringBuilder().Insert(0, filling, (262_144 - Envelope) / sent).ToString();
        await courier.CarryAsync([text, "and on it goes"], Token);
    }
}
