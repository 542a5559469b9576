using XmppChatClient.Forms;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Registration;

/// <summary>An account was not made, changed or removed.</summary>
public sealed class XmppRegistrationException : XmppException
{
    internal XmppRegistrationException(RegistrationProblem problem, string message)
        : base(message) => Problem = problem;

    internal XmppRegistrationException(string what, StanzaError error)
        : this(ProblemOf(error), $"{what}: {error}.")
    {
        Error = error;
        if (error.Detail is { } detail && detail.Name == RegistrationQuery.Name)
        {
            Form = RegistrationQuery.Read(detail)?.Form;
        }
    }

    public RegistrationProblem Problem { get; }

    /// <summary>What the server answered; <see langword="null"/> when it was not asked.</summary>
    public StanzaError? Error { get; }

    /// <summary>What the server asks, if it asks for more.</summary>
    public DataForm? Form { get; internal init; }

    /// <summary>Where to do it instead, as it came: any peer can have written it. <see langword="null"/> when the server does not
    /// say.</summary>
    public string? Url { get; internal init; }

    public override bool IsTransient => Error?.Type == StanzaErrorType.Wait;

    private static RegistrationProblem ProblemOf(StanzaError error) => error.Condition switch
    {
        _ when error.Detail?.Name == RegistrationQuery.Name => RegistrationProblem.FormIncomplete,
        StanzaErrorCondition.Conflict => RegistrationProblem.Conflict,
        StanzaErrorCondition.NotAcceptable or StanzaErrorCondition.JidMalformed => RegistrationProblem.NotAcceptable,
        StanzaErrorCondition.NotAllowed => RegistrationProblem.NotAllowed,
        StanzaErrorCondition.Forbidden => RegistrationProblem.Forbidden,
        StanzaErrorCondition.ResourceConstraint => RegistrationProblem.ResourceConstraint,

        // Prosody's word for too many accounts too quickly.
        StanzaErrorCondition.PolicyViolation when error.Type == StanzaErrorType.Wait => RegistrationProblem.ResourceConstraint,
        StanzaErrorCondition.ServiceUnavailable or StanzaErrorCondition.FeatureNotImplemented => RegistrationProblem.NotOffered,
        _ => RegistrationProblem.Other,
    };
}
