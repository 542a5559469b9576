using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Registration;

namespace XmppChatClient.Interop.Tests;

/// <summary>XEP-0077: ejabberd asks for plain fields, Prosody for a form as well.</summary>
public sealed class RegistrationTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [EachServer]
    public async Task Account_is_made_gets_another_password_and_is_removed(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = NewAccount(server);
        var form = await AccountRegistration.GetFormAsync(options, Token);
        Assert.Equal(kind == ServerKind.Prosody ? "jabber:iq:register" : null, form.FormType);
        Assert.Equal(options.Jid!.Local, form.Value("username"));
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token);

        // Who has the name now is not asked.
        var error = await Assert.ThrowsAsync<XmppRegistrationException>(
            () => AccountRegistration.RegisterAsync(options, cancellationToken: Token));
        Assert.Equal(RegistrationProblem.Conflict, error.Problem);

        var module = options.Ensure<RegistrationModule>();
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);
        await module.ChangePasswordAsync("another secret", Token);
        await client.AbortAsync(new XmppConnectionException("For the test."));
        await client.NextAsync<SessionEnded>(_ => true, Token);
        await client.NextAsync<SessionStarted>(_ => true, Token);

        await module.RemoveAccountAsync(Token);
        await using var late = new XmppClient(Options(server, options.Jid, "another secret"));
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => late.ConnectAsync(Token));
    }

    [Theory]
    [EachServer]
    public async Task Old_password_does_not_log_in_any_more(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = NewAccount(server);
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token);
        var module = options.Ensure<RegistrationModule>();
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        await module.ChangePasswordAsync("another secret", Token);
        await using var old = new XmppClient(Options(server, options.Jid!, server.Password));
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => old.ConnectAsync(Token));
        await using var other = new XmppClient(Options(server, options.Jid!, "another secret"));
        await other.ConnectAsync(Token);
    }

    [Theory]
    [EachServer]
    public async Task Without_TLS_neither_account_nor_password_goes_out(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = NewAccount(server);
        options.Tls = TlsMode.Disabled;
        await Assert.ThrowsAsync<XmppSecurityException>(() => AccountRegistration.RegisterAsync(options, cancellationToken: Token));
        options.Tls = TlsMode.Required;
        await using var client = new XmppClient(options);
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token));
    }

    // What is no password, by RFC 8265 or by the server's own word, is refused with a reason, and there is no such account.
    [Theory]
    [EachServer]
    public async Task Form_that_is_filled_in_badly_makes_no_account(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var options = NewAccount(server);
        var error = await Assert.ThrowsAsync<XmppRegistrationException>(() => AccountRegistration.RegisterAsync(
            options, (form, _) => new ValueTask<Forms.DataForm>(form.With("username", "no@such name")), Token));
        TestContext.Current.TestOutputHelper?.WriteLine(error.Message);
        Assert.Contains(error.Problem, new[] { RegistrationProblem.NotAcceptable, RegistrationProblem.Other });
        error = await Assert.ThrowsAsync<XmppRegistrationException>(() => AccountRegistration.RegisterAsync(
            options, (form, _) => new ValueTask<Forms.DataForm>(form.With("password", "")), Token));
        Assert.Equal(RegistrationProblem.FormIncomplete, error.Problem);
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token);
    }

    private static XmppClientOptions NewAccount(XmppServer server) =>
        Options(server, new Jid($"new-{Guid.NewGuid():N}"[..16], server.Domain, null), server.Password);

    private static XmppClientOptions Options(XmppServer server, Jid jid, string password)
    {
        var options = Accounts.Options(server, jid.Local!);
        options.Password = password;
        return options;
    }
}
