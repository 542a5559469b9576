using XmppChatClient.Modules;
using XmppChatClient.Streams;

namespace XmppChatClient.Registration;

/// <summary>Changes the password of the account that is logged in, and removes the account (XEP-0077 v2.4 §3.2, §3.3).
/// <see cref="AccountRegistration"/> makes one.</summary>
public sealed class RegistrationModule : IXmppModule
{
    private XmppClient? _client;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
    }

    /// <summary>Gives the account another password, and the client as well: it logs in with that from then on
    /// (<see cref="XmppClient.UsePassword"/>). Over TLS only.</summary>
    /// <exception cref="XmppRegistrationException">The server does not want to; the old password holds.</exception>
    /// <exception cref="XmppSecurityException">The session is not encrypted; nothing was sent.</exception>
    /// <exception cref="XmppException">There is no session, or no answer came: either password may hold.</exception>
    public async Task ChangePasswordAsync(string password, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        var client = Client;
        if (!client.IsEncrypted)
        {
            throw client.State == SessionState.Online
                ? new XmppSecurityException("The password was not changed: it would be sent for all to read.")
                : new XmppConnectionException("The password was not changed: there is no session.");
        }

        var username = client.Jid.Local ?? throw new InvalidOperationException("An anonymous session has no password.");
        await AskAsync(
            new RegistrationQuery { Fields = [new("username", username), new("password", password)] },
            $"The password of {client.Jid.Bare} was not changed",
            cancellationToken).ConfigureAwait(false);
        client.UsePassword(password);
    }

    /// <summary>Removes the account with all that the server keeps for it, and closes the client: its events end, by the server's
    /// last word perhaps. There is no way back.</summary>
    /// <exception cref="XmppRegistrationException">The server does not want to; the account and the session are there as before.
    /// </exception>
    /// <exception cref="XmppException">There is no session, or no answer came: the account may be gone.</exception>
    public async Task RemoveAccountAsync(CancellationToken cancellationToken = default)
    {
        var client = Client;
        try
        {
            await AskAsync(
                new RegistrationQuery { IsRemoval = true }, $"The account {client.Jid.Bare} was not removed", cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmppSessionLostException e) when (e.InnerException is XmppStreamException { Error: var last } && IsRemoved(last))
        {
            // The end of the account's sessions may come before the answer.
        }

        await client.CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    // XEP-0077 §3.2: not-authorized. ejabberd says what it says to a session that another one replaces, but for the text.
    private static bool IsRemoved(StreamError error) => error is
    { Condition: StreamErrorCondition.NotAuthorized } or { Condition: StreamErrorCondition.Conflict, Text: "User removed" };

    private async Task AskAsync(RegistrationQuery query, string what, CancellationToken cancellationToken)
    {
        try
        {
            await Client.RequestAsync(
                new Iq(IqType.Set, query) { To = Jid.Parse(Client.Jid.Domain) }, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmppStanzaException e)
        {
            throw new XmppRegistrationException(what, e.Error);
        }
    }
}
