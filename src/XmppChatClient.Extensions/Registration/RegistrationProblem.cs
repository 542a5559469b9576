namespace XmppChatClient.Registration;

/// <summary>Why an account was not made, changed or removed (XEP-0077 §3).</summary>
public enum RegistrationProblem
{
    /// <summary>Something else: <see cref="XmppRegistrationException.Error"/> says what.</summary>
    Other,

    /// <summary>The server does not do this, or not for clients.</summary>
    NotOffered,

    /// <summary>The server wants more than is known; <see cref="XmppRegistrationException.Form"/> is what it asks. Nothing was
    /// sent, unless it asked in answer to something.</summary>
    FormIncomplete,

    /// <summary>It is done on a web page: <see cref="XmppRegistrationException.Url"/> (§5).</summary>
    Elsewhere,

    /// <summary>There is such an account already.</summary>
    Conflict,

    /// <summary>What was sent will not do: the name is none, the password too weak, a field is missing.</summary>
    NotAcceptable,

    /// <summary>Not on this server, or not over this connection.</summary>
    NotAllowed,

    /// <summary>Not for whoever asks.</summary>
    Forbidden,

    /// <summary>Too many accounts too quickly: later, perhaps.</summary>
    ResourceConstraint,
}
