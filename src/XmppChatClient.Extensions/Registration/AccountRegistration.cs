using XmppChatClient.Forms;
using XmppChatClient.Negotiation;

namespace XmppChatClient.Registration;

/// <summary>Makes accounts on servers that let clients do so (XEP-0077 v2.4), over a connection of its own that ends with it.</summary>
public static class AccountRegistration
{
    /// <summary>Makes the account that these options log in to: their address, their password. Over TLS only.</summary>
    /// <param name="options">As for a client. The address needs a local part, and there must be a password.</param>
    /// <param name="fill">Fills in what the server wants to know, one form however it asks, with the name and the password in it
    /// already; returns the same form with more in it. Takes its time. Default: if that is not enough, the account is not made.</param>
    /// <exception cref="XmppRegistrationException">The server does not want to, or wants to know more.</exception>
    /// <exception cref="XmppSecurityException">There is no TLS; nothing secret was sent.</exception>
    /// <exception cref="XmppException">It could not be reached, or did not answer: the account may have been made.</exception>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public static Task RegisterAsync(
        XmppClientOptions options,
        Func<DataForm, CancellationToken, ValueTask<DataForm>>? fill = null,
        CancellationToken cancellationToken = default)
    {
        Check(options);
        return StreamVisit.MakeAsync(
            options,
            new RegistrationFeature(async (form, cancel) =>
                fill is null ? form : await fill(form, cancel).ConfigureAwait(false)),
            cancellationToken);
    }

    /// <summary>Asks what the server wants to know of a new account, one form however it asks, and makes none.</summary>
    /// <exception cref="XmppException">As for <see cref="RegisterAsync"/>.</exception>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public static async Task<DataForm> GetFormAsync(XmppClientOptions options, CancellationToken cancellationToken = default)
    {
        Check(options);
        DataForm? asked = null;
        await StreamVisit.MakeAsync(
            options,
            new RegistrationFeature((form, _) =>
            {
                asked = form;
                return new ValueTask<DataForm?>((DataForm?)null);
            }),
            cancellationToken).ConfigureAwait(false);
        return asked!;
    }

    private static void Check(XmppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Jid is { Local: null })
        {
            throw new ArgumentException("Jid is no account's: give one such as bot@example.org.", nameof(options));
        }

        if (options is { Password: null, PasswordFile: null })
        {
            throw new ArgumentException("Password is missing: the account needs one.", nameof(options));
        }
    }
}
