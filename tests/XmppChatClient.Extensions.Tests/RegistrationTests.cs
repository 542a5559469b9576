using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Forms;
using XmppChatClient.Registration;
using XmppChatClient.Testing;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Extensions.Tests;

/// <summary>XEP-0077.</summary>
public sealed class RegistrationTests
{
    private const string Password = "hush, secret";

    private static readonly XmppTestServerOptions Allowed = new() { AllowRegistration = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_is_made_and_logs_in_and_its_password_is_in_no_log()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        using var log = new FakeLoggerProvider();
        using var factory = new LoggerFactory([log], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var options = Options(server, "new");
        options.LoggerFactory = factory;
        Assert.Equal(["username", "password"], (await AccountRegistration.GetFormAsync(options, Token).WaitAsync(Hang.Limit, Token)).Fields.Select(f => f.Name));
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token).WaitAsync(Hang.Limit, Token);
        await using var client = await ConnectAsync(options);
        Assert.Equal("new@localhost", client.Jid.Bare.ToString());
        var lines = log.Collector.GetSnapshot().Select(r => r.Message).ToList();
        Assert.Contains(lines, l => l.Contains("<username>new</username><password>[redacted]", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains(Password, StringComparison.Ordinal));
        Assert.DoesNotContain(Password, server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_is_taken_is_a_conflict()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        server.AddAccount("taken");
        var error = await FailAsync<XmppRegistrationException>(Options(server, "taken"));
        Assert.Equal((RegistrationProblem.Conflict, false), (error.Problem, error.IsTransient));
    }

    [Fact]
    public async Task Server_that_lets_nobody_register_is_asked_nothing()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var error = await FailAsync<XmppRegistrationException>(Options(server, "new"));
        Assert.Equal(RegistrationProblem.NotOffered, error.Problem);
        Assert.DoesNotContain("jabber:iq:register", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_tls_nothing_is_sent()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed with { RequireTls = false }, Token);
        var options = Options(server, "new");
        options.Tls = TlsMode.Disabled;
        await FailAsync<XmppSecurityException>(options);
        Assert.DoesNotContain("jabber:iq:register", server.Transcript.ToString(), StringComparison.Ordinal);

        var module = new RegistrationModule();
        options = new XmppClientOptions { Tls = TlsMode.Disabled, Modules = { module } }
            .UseTestServer(server, server.AddAccount("old"));
        await using var client = await ConnectAsync(options);
        Assert.False(client.IsEncrypted);
        await Assert.ThrowsAsync<XmppSecurityException>(() => module.ChangePasswordAsync("better", Token));
        Assert.DoesNotContain("jabber:iq:register", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_password_is_that_of_the_next_login()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        var module = new RegistrationModule();
        await using var live = await ConnectAsync(server, module);
        Assert.True(live.Client.IsEncrypted);
        await module.ChangePasswordAsync("better", Token).WaitAsync(Hang.Limit, Token);
        server.Faults.LoseSessions(live.Account);
        await live.EventAsync<SessionEnded>();
        await live.EventAsync<SessionStarted>();
        Assert.DoesNotContain("better", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_account_is_gone_and_its_client_closed()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        var module = new RegistrationModule();
        await using var live = await ConnectAsync(server, module);
        await module.RemoveAccountAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.Equal(SessionState.Closed, live.Client.State);
        await Assert.ThrowsAsync<XmppAuthenticationException>(
            () => ConnectAsync(new XmppClientOptions().UseTestServer(server, live.Account)));
    }

    // The last is ejabberd's; a session that is replaced by another says nothing about the account.
    [Theory]
    [InlineData("not-authorized", "", true)]
    [InlineData("conflict", "Replaced by new connection", false)]
    [InlineData("conflict", "User removed", true)]
    public async Task End_of_the_session_may_come_instead_of_the_answer(string condition, string text, bool isRemoved)
    {
        var server = new MemoryServer();
        var module = new RegistrationModule();
        var options = new XmppClientOptions { Jid = Jid.Parse("example.org"), Connector = server, Modules = { module } };
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        var removing = module.RemoveAccountAsync(Token);
        await server.SentAsync("iq");
        server.Send($"""
            <stream:error xmlns:stream='http://etherx.jabber.org/streams'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>
            <text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>{text}</text></stream:error>
            """);
        await (isRemoved ? removing : Assert.ThrowsAsync<XmppSessionLostException>(() => removing)).WaitAsync(Hang.Limit, Token);
    }

    [Theory]
    [InlineData("not-allowed", "cancel", RegistrationProblem.NotAllowed)]
    [InlineData("forbidden", "auth", RegistrationProblem.Forbidden)]
    [InlineData("not-acceptable", "modify", RegistrationProblem.NotAcceptable)]
    [InlineData("jid-malformed", "modify", RegistrationProblem.NotAcceptable)]
    [InlineData("resource-constraint", "wait", RegistrationProblem.ResourceConstraint)]
    [InlineData("policy-violation", "wait", RegistrationProblem.ResourceConstraint)]
    [InlineData("policy-violation", "modify", RegistrationProblem.Other)]
    [InlineData("service-unavailable", "cancel", RegistrationProblem.NotOffered)]
    [InlineData("internal-server-error", "wait", RegistrationProblem.Other)]
    public async Task Refusal_says_why(string condition, string type, RegistrationProblem problem)
    {
        var error = await FailAsync<XmppRegistrationException>(Scripted(Fields + $"""
            C: </iq>
            S: <iq type='error' id='{"{id}"}'><error type='{type}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """));
        Assert.Equal((problem, type == "wait"), (error.Problem, error.IsTransient));
        Assert.Contains(condition, error.Message, StringComparison.Ordinal);
    }

    // XEP-0077 §4: who gets a form answers with a form.
    [Fact]
    public async Task Form_is_answered_with_a_form()
    {
        var script = new ScriptedServer(Offer + """
            S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><instructions>Or so.</instructions><username/><password/>
            S: <x xmlns='jabber:x:data' type='form'><title>Join</title><instructions>One.</instructions><instructions>Two.</instructions>
            S: <field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field><field type='fixed'><value>Who?</value></field>
            S: <field type='text-single' label='Name' var='username'><required/></field><field type='text-private' var='password'><required/></field>
            S: <field type='text-single' var='email'><required/></field>
            S: <field type='list-single' var='sex'><option label='Male'><value>M</value></option><option><value>F</value></option></field>
            S: </x></query></iq>
            C: </iq>
            S: <iq type='result' id='{id}'/>
            """);
        DataForm? asked = null;
        await AccountRegistration.RegisterAsync(
            Options(script),
            (form, _) =>
            {
                asked = form;
                return new ValueTask<DataForm>(form.With("email", "a@b.example"));
            },
            Token).WaitAsync(Hang.Limit, Token);
        Assert.Equal(("Join", "One.\nTwo.", "alice"), (asked!.Title, asked.Instructions, asked.Value("username")));
        Assert.Equal([new DataFormOption("M", "Male"), new DataFormOption("F")], asked.Find("sex")!.Options);
        Assert.Contains(
            "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
            + "<field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field>"
            + "<field var='username' type='text-single'><value>alice</value></field>"
            + $"<field var='password' type='text-private'><value>{Password}</value></field>"
            + "<field var='email' type='text-single'><value>a@b.example</value></field></x></query>",
            script.Received, StringComparison.Ordinal);
        await script.Done;
    }

    [Fact]
    public async Task More_than_is_known_is_not_made_up()
    {
        var script = new ScriptedServer(
            Offer + "S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><username/><password/><email/></query></iq>");
        var error = await FailAsync<XmppRegistrationException>(Options(script));
        Assert.Equal(RegistrationProblem.FormIncomplete, error.Problem);
        Assert.True(error.Form!.Find("email")!.IsRequired);
        Assert.DoesNotContain(Password, script.Received, StringComparison.Ordinal);
    }

    // A form that wants what nobody has told us, of a type that we may not know.
    [Theory]
    [InlineData("<field type='text-single' var='invitation'><required/></field>", "invitation")]
    [InlineData("<field type='x-unheard-of' var='blood'><required/></field>", "blood")]
    [InlineData("<field var='plain'><required/><value></value></field>", "plain")]
    [InlineData("<field type='boolean' var='terms'><required/></field>", "terms")]
    public async Task Form_with_a_field_that_must_be_filled_in_is_not_sent_without(string field, string name)
    {
        var script = new ScriptedServer(Offer + "S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>"
            + "<field type='text-single' var='username'><required/></field><field type='text-private' var='password'><required/></field>"
            + field + "</x></query></iq>");
        var error = await FailAsync<XmppRegistrationException>(Options(script));
        Assert.Equal(RegistrationProblem.FormIncomplete, error.Problem);
        Assert.True(error.Form!.Find(name)!.IsRequired);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, script.Received, StringComparison.Ordinal);
    }

    // XEP-0158 v1.0.1 §4, as a server asks for it that wants people: what is hidden goes back as it came.
    private const string Captcha = Offer + """
        S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><instructions>You need a client that can show pictures.</instructions>
        S: <x xmlns='jabber:x:data' type='form'><field type='hidden' var='FORM_TYPE'><value>urn:xmpp:captcha</value></field>
        S: <field type='text-single' var='username'><required/></field><field type='text-private' var='password'><required/></field>
        S: <field type='hidden' var='challenge'><value>F3A6292C</value></field><field type='hidden' var='sid'><value>spam2</value></field>
        S: <field type='text-single' var='captcha-fallback-url'><value>https://example.org/captcha/spam2/image</value></field>
        S: <field type='text-single' label='Enter the text you see' var='ocr'><required/>
        S: <media xmlns='urn:xmpp:media-element' height='80' width='290'><uri type='image/jpeg'>cid:sha1+f24030b8@bob.xmpp.org</uri></media></field></x>
        S: <data xmlns='urn:xmpp:bob' cid='sha1+f24030b8@bob.xmpp.org' type='image/jpeg'>/9j/4AAQ</data></query></iq>

        """;

    [Fact]
    public async Task Captcha_is_a_form_with_one_more_field()
    {
        var script = new ScriptedServer(Captcha + """
            C: </iq>
            S: <iq type='result' id='{id}'/>
            """);
        await AccountRegistration.RegisterAsync(
            Options(script),
            (form, _) =>
            {
                Assert.Equal("https://example.org/captcha/spam2/image", form.Value("captcha-fallback-url"));
                return new ValueTask<DataForm>(form.With("ocr", "7nHL3"));
            },
            Token).WaitAsync(Hang.Limit, Token);
        Assert.Contains("<field var='challenge' type='hidden'><value>F3A6292C</value></field><field var='sid' type='hidden'><value>spam2</value></field>", script.Received, StringComparison.Ordinal);
        Assert.Contains("<field var='ocr' type='text-single'><value>7nHL3</value></field>", script.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Captcha_that_nobody_solves_gets_no_password()
    {
        var script = new ScriptedServer(Captcha);
        var error = await FailAsync<XmppRegistrationException>(Options(script));
        Assert.Equal((RegistrationProblem.FormIncomplete, "Enter the text you see"), (error.Problem, error.Form!.Find("ocr")!.Label));
        Assert.DoesNotContain(Password, script.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Captcha_that_is_solved_wrongly_says_so()
    {
        var error = await Assert.ThrowsAsync<XmppRegistrationException>(() => AccountRegistration.RegisterAsync(
            Scripted(Captcha + """
                C: </iq>
                S: <iq type='error' id='{id}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>The CAPTCHA verification has failed</text></error></iq>
                """),
            (form, _) => new ValueTask<DataForm>(form.With("ocr", "l")), Token).WaitAsync(Hang.Limit, Token));
        Assert.Equal(RegistrationProblem.NotAllowed, error.Problem);
        Assert.Contains("The CAPTCHA verification has failed", error.Message, StringComparison.Ordinal);
    }

    // §3.2 and §3.3: a server may want a form for either, which we do not fill in.
    [Theory]
    [InlineData("not-authorized", "auth", RegistrationProblem.Other)]
    [InlineData("not-allowed", "cancel", RegistrationProblem.NotAllowed)]
    [InlineData("not-acceptable", "modify", RegistrationProblem.NotAcceptable)]
    public async Task Password_and_account_stay_where_the_server_does_not_want_to(string condition, string type, RegistrationProblem problem)
    {
        var server = new MemoryServer();
        var module = new RegistrationModule();
        var options = new XmppClientOptions { Jid = Jid.Parse("example.org"), Connector = server, Modules = { module }, Password = Password };
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        foreach (var changing in new[] { module.RemoveAccountAsync(Token), module.ChangePasswordAsync("weak", Token) })
        {
            var asked = await server.SentAsync("iq");
            server.Send(
                $"<iq type='error' id='{asked.Attribute("id")}' from='example.org'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>"
                + "<field type='text-private' var='old_password'><required/></field></x></query>"
                + $"<error type='{type}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
            var error = await Assert.ThrowsAsync<XmppRegistrationException>(() => changing.WaitAsync(Hang.Limit, Token));
            Assert.Equal(problem, error.Problem);
            Assert.Equal((SessionState.Online, Password), (client.State, options.Password));
        }
    }

    // XEP-0077 §3.1: a key is given back.
    [Fact]
    public async Task Plain_fields_are_answered_with_plain_fields()
    {
        var script = new ScriptedServer(Offer + """
            S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><instructions>Do.</instructions><username/><password/><email/><key>k</key></query></iq>
            C: </iq>
            S: <iq type='result' id='{id}'/>
            """);
        await AccountRegistration.RegisterAsync(
            Options(script), (form, _) => new ValueTask<DataForm>(form.With("email", "a@b.example")), Token).WaitAsync(Hang.Limit, Token);
        Assert.Contains(
            $"<username>alice</username><password>{Password}</password><email>a@b.example</email><key>k</key></query>",
            script.Received, StringComparison.Ordinal);
    }

    // XEP-0077 §5
    [Fact]
    public async Task Web_page_is_named()
    {
        var error = await FailAsync<XmppRegistrationException>(Scripted(
            Offer + "S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><instructions>Go.</instructions>"
            + "<x xmlns='jabber:x:oob'><url>https://example.org/join</url></x></query></iq>"));
        Assert.Equal((RegistrationProblem.Elsewhere, "https://example.org/join"), (error.Problem, error.Url));
    }

    [Theory]
    [InlineData("S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'/></iq>")]
    [InlineData("S: <iq type='result' id='{id}'/>")]
    [InlineData("S: <iq type='result' id='other'><query xmlns='jabber:iq:register'><username/></query></iq>")]
    [InlineData("S: <iq type='set' id='{id}'><query xmlns='jabber:iq:register'><username/></query></iq>")]
    [InlineData("S: <message/>")]
    [InlineData("S: </stream:stream>")]
    [InlineData("S: !cut")]
    public async Task Nonsense_is_an_error_and_gets_no_password(string answer)
    {
        var script = new ScriptedServer(Offer + answer);
        await Assert.ThrowsAnyAsync<XmppException>(
            () => AccountRegistration.RegisterAsync(Options(script), cancellationToken: Token).WaitAsync(Hang.Limit, Token));
        Assert.DoesNotContain(Password, script.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_sends_us_elsewhere_over_tls_is_followed()
    {
        var there = new ScriptedServer(Fields + "C: </iq>\nS: <iq type='result' id='{id}'/>");
        var here = new ScriptedServer(Fields + """
            C: </iq>
            S: <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.2</see-other-host></stream:error></stream:stream>
            """) { Next = there };
        var options = Options(here);
        there.Certificate = here.Certificate;
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token).WaitAsync(Hang.Limit, Token);
        Assert.Contains("<username>alice</username>", there.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_fills_in_the_form_may_take_longer_than_the_server()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        var options = Options(server, "new");
        var clock = new ManualClock();
        options.TimeProvider = clock;
        await AccountRegistration.RegisterAsync(
            options,
            (form, _) =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return new ValueTask<DataForm>(form);
            },
            Token).WaitAsync(Hang.Limit, Token);
        await using var client = await ConnectAsync(options);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_given_up()
    {
        var clock = new ManualClock();
        var script = new ScriptedServer(Offer)
        {
            Then = _ =>
            {
                clock.Advance(TimeSpan.FromMinutes(10));
                return Task.CompletedTask;
            },
        };
        var options = Options(script);
        options.TimeProvider = clock;
        await FailAsync<XmppTimeoutException>(options);
    }

    [Fact]
    public async Task Options_without_an_account_or_a_password_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => AccountRegistration.RegisterAsync(new XmppClientOptions { Jid = Jid.Parse("example.org"), Password = "x" }, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(
            () => AccountRegistration.RegisterAsync(new XmppClientOptions { Jid = Jid.Parse("a@example.org") }, cancellationToken: Token));
    }

    private const string Header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

    private const string Offer = $"""
        C: version='1.0'
        S: {Header}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>
        C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: !tls
        C: version='1.0'
        S: {Header}<stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>
        C: </iq>

        """;

    private const string Fields = Offer + """
        S: <iq type='result' id='{id}'><query xmlns='jabber:iq:register'><username/><password/></query></iq>

        """;

    private static XmppClientOptions Scripted(string script) => Options(new ScriptedServer(script));

    private static XmppClientOptions Options(ScriptedServer script) =>
        new XmppClientOptions { Jid = Jid.Parse("alice@example.org"), Password = Password }.UseScriptedServer(script);

    private static XmppClientOptions Options(XmppTestServer server, string name)
    {
        var options = new XmppClientOptions().UseTestServer(server, server.AddAccount($"{Guid.NewGuid():N}"));
        (options.Jid, options.Password) = (Jid.Parse($"{name}@localhost"), Password);
        return options;
    }

    private static async Task<T> FailAsync<T>(XmppClientOptions options)
        where T : XmppException
    {
        var error = await Assert.ThrowsAsync<T>(
            () => AccountRegistration.RegisterAsync(options, cancellationToken: Token).WaitAsync(Hang.Limit, Token));
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        return error;
    }

    private static async Task<XmppClient> ConnectAsync(XmppClientOptions options)
    {
        var client = new XmppClient(options);
        try
        {
            await client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private static Task<LoggedIn> ConnectAsync(XmppTestServer server, RegistrationModule module) => LoggedIn.ConnectAsync(server, module);

    /// <summary>A client whose sessions come back at once.</summary>
    private sealed record LoggedIn(XmppClient Client, TestAccount Account) : IAsyncDisposable
    {
        public static async Task<LoggedIn> ConnectAsync(XmppTestServer server, RegistrationModule module)
        {
            var account = server.AddAccount("bot");
            var options = new XmppClientOptions { Modules = { module } }.UseTestServer(server, account);
            options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
            var live = new LoggedIn(await RegistrationTests.ConnectAsync(options), account);
            await live.EventAsync<SessionStarted>();
            return live;
        }

        public async Task EventAsync<T>()
            where T : XmppEvent =>
            await Client.ReadEventsAsync(Token).OfType<T>().FirstAsync(Token).AsTask().WaitAsync(Hang.Limit, Token);

        public ValueTask DisposeAsync() => Client.DisposeAsync();
    }
}
