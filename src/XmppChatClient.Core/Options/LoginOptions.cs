namespace XmppChatClient;

/// <summary>How the client logs in where the server offers more than RFC 6120.</summary>
public sealed class LoginOptions
{
    /// <summary>Whether SASL2 (XEP-0388 v1.0.4) is used where it is offered, over TLS. Default <see langword="true"/>.</summary>
    public bool Sasl2 { get; set; } = true;

    /// <summary>Default <see cref="Bind2Use.WhenNothingIsLost"/>. Of no use where the JID names a resource, which only RFC 6120's
    /// binding can ask for.</summary>
    public Bind2Use Bind2 { get; set; }

    /// <summary>Default <see cref="FastTokens.AsStrong"/>. They are as good as the password for some weeks, and kept in the
    /// <see cref="XmppClientOptions.Store"/>, where there is one.</summary>
    public FastTokens Fast { get; set; }

    /// <summary>What servers put before the resource they make with Bind 2, so that a person who sees it knows the program. Default
    /// none.</summary>
    public string? Tag { get; set; }

    /// <summary>Accepts a login that is weaker than the last one: no channel binding, no SASL2, or PLAIN, where the server offered
    /// them, or SCRAM, before. For one connection after the server was changed so on purpose. Default <see langword="false"/>.</summary>
    public bool AllowDowngrade { get; set; }
}
