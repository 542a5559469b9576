using Microsoft.Playwright;
using XmppChatClient.Interop.Tests.Servers;

namespace MinimalChat.Tests;

/// <summary>Debian's Chromium, a page on each transport, and slixmpp.</summary>
public sealed class BrowserTests(BrowserTests.Chromium chromium) : IClassFixture<BrowserTests.Chromium>, IAsyncLifetime
{
    private ChatSite? _site;

    public async ValueTask InitializeAsync()
    {
        Installed.DemandSlixmpp();
        await chromium.StartAsync();
        _site = await ChatSite.StartAsync();
    }

    [Fact]
    public async Task Page_on_each_transport_and_a_person_on_xmpp_see_each_other()
    {
        var socket = await OpenAsync("");
        var poll = await OpenAsync("?transport=poll");
        await using var juliet = await SlixmppPerson.EnterAsync(_site!, "juliet");

        await SayAsync(socket, "from a socket");
        await SeeAsync(poll, "from a socket");
        Assert.Equal(("web", "from a socket"), await juliet.HearAsync());

        await SayAsync(poll, "from a poll");
        await SeeAsync(socket, "from a socket", "from a poll");
        Assert.Equal(("web", "from a poll"), await juliet.HearAsync());

        await juliet.SayAsync("from XMPP 🎉");
        await SeeAsync(socket, "from a socket", "from a poll", "juliet: from XMPP 🎉");
        await SeeAsync(poll, "from a socket", "from a poll", "juliet: from XMPP 🎉");
    }

    [Theory]
    [InlineData("<img src=x onerror=\"document.title='owned'\">")]
    [InlineData("<script>document.title='owned'</script>")]
    [InlineData("</li></ul><b onmouseover=alert(1)>&lt;b&gt;")]
    public async Task Hostile_text_stays_text(string text)
    {
        var socket = await OpenAsync("");
        var poll = await OpenAsync("?transport=poll");
        await using var mallory = await SlixmppPerson.EnterAsync(_site!, "mallory");
        await SayAsync(socket, text);
        await SeeAsync(poll, text);
        Assert.Equal(("web", text), await mallory.HearAsync());
        await mallory.SayAsync(text);
        foreach (var page in (IPage[])[socket, poll])
        {
            await SeeAsync(page, text, "mallory: " + text);
            Assert.Equal(0, await page.Locator("#messages :not(li)").CountAsync());
            Assert.Equal("MinimalChat", await page.TitleAsync());
        }
    }

    [Fact]
    public async Task Page_comes_back_when_the_server_does()
    {
        var pages = new[] { await OpenAsync(""), await OpenAsync("?transport=poll") };
        var address = _site!.Address;
        Assert.Equal(0, await _site.StopAsync());
        foreach (var page in pages)
        {
            await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("disconnected", Patience);
        }

        await _site.DisposeAsync();
        _site = await ChatSite.StartAsync("--urls", address);
        foreach (var page in pages)
        {
            await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("connected", Patience);
        }

        await SayAsync(pages[0], "back");
        await SeeAsync(pages[1], "back");
    }

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static LocatorAssertionsToHaveTextOptions Patience => new() { Timeout = (float)Hang.Limit.TotalMilliseconds };

    private async Task<IPage> OpenAsync(string query)
    {
        var page = await chromium.Browser!.NewPageAsync();
        page.SetDefaultTimeout((float)Hang.Limit.TotalMilliseconds);
        await page.GotoAsync($"{_site!.Address}/{query}");
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("connected", Patience);
        return page;
    }

    private static async Task SayAsync(IPage page, string text)
    {
        await page.FillAsync("#text", text);
        await page.PressAsync("#text", "Enter");
    }

    private static Task SeeAsync(IPage page, params string[] texts) =>
        Assertions.Expect(page.Locator("#messages li")).ToHaveTextAsync(texts, Patience);

    /// <summary>One for all tests here, started by the first.</summary>
    public sealed class Chromium : IAsyncDisposable
    {
        private IPlaywright? _playwright;

        internal IBrowser? Browser { get; private set; }

        public async ValueTask DisposeAsync()
        {
            if (Browser is not null)
            {
                await Browser.DisposeAsync();
            }

            _playwright?.Dispose();
        }

        internal async Task StartAsync()
        {
            var program = Installed.DemandBrowser();
            _playwright ??= await Playwright.CreateAsync();
            Browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,

                // Chromium does not sandbox what root runs, and a container's /dev/shm may be small.
                Args = Environment.UserName == "root" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
                Timeout = (float)Hang.Limit.TotalMilliseconds,
            });
        }
    }
}
