using XmppChatClient.Modules;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>A stream that is being negotiated and what is known of it so far.</summary>
public sealed class StreamNegotiation
{
    internal StreamNegotiation(IXmppTransport transport, XmppClientOptions options, Jid jid)
    {
        Transport = transport;
        Options = options;
        Jid = jid;
    }

    public IXmppTransport Transport { get; }

    public XmppClientOptions Options { get; }

    /// <summary>The address we want to have.</summary>
    public Jid Jid { get; }

    /// <summary>The features last offered.</summary>
    public XmppElement Features
    {
        get;
        internal set
        {
            field = value;
            Limits = value.Get<StreamLimits>() ?? Limits;
        }
    } = new(StreamNegotiator.FeaturesName);

    /// <summary>What the server last said that it takes: Prosody 13 says nothing of it behind SASL2.</summary>
    internal StreamLimits? Limits { get; private set; }

    /// <summary>TLS is on: what was offered before may be anybody's word (RFC 6120 §5.4.3.3).</summary>
    internal void ForgetOffers() => (Features, Limits) = (new XmppElement(StreamNegotiator.FeaturesName), null);

    /// <summary>Whether the server knows who we are.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>The address we were given, once we were.</summary>
    public Jid? BoundJid { get; set; }

    /// <summary>Whether the session is to outlive its connections.</summary>
    internal bool WantsResumption => Options.StreamManagement.Resume && Transport.MayResume;

    /// <summary>The session to go on with, if there is one.</summary>
    internal ResumeRequest? Resume { get; init; }

    /// <summary>Whether a resource may be bound together with the login.</summary>
    internal bool MayBindInline { get; init; }

    /// <summary>What may be switched on together with it.</summary>
    internal IReadOnlyList<BindFeature> BindFeatures { get; init; } = [];

    /// <summary>What was.</summary>
    internal IReadOnlyList<BindFeature> SwitchedOn { get; set; } = [];

    /// <summary>Whether that session went on with the login, without features of its own.</summary>
    internal bool IsResumedInline { get; set; }

    /// <summary>A login that is under way although the server has not offered it yet.</summary>
    internal EarlyLogin? Early { get; set; }

    /// <summary>Whether stream management was asked for together with the resource.</summary>
    internal bool IsManagementAsked { get; set; }

    /// <summary>How many of that session's stanzas the server has handled, when it goes on.</summary>
    internal uint? ResumedAt { get; set; }

    /// <summary>How many of them it had handled, when it does not go on and the server knows.</summary>
    internal uint? LostAt { get; set; }

    /// <summary>How stanzas are acknowledged in a new session; <see langword="null"/> when they are not.</summary>
    internal ManagedStream? Managed { get; set; }

    /// <summary>The next element; a stream error or the stream's end is an exception here.</summary>
    /// <exception cref="XmppStreamException">The server ended the stream with an error.</exception>
    /// <exception cref="XmppConnectionException">The server closed the stream.</exception>
    public async ValueTask<XmppElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        var element = await Transport.ReceiveAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new XmppConnectionException("The server closed the stream during negotiation.");
        if (element.Name.Namespace == XmlStreamReader.RefusedNamespace)
        {
            throw new XmppProtocolException(StreamErrorCondition.PolicyViolation, element.Text);
        }

        return element.Name == StreamError.Name && StreamError.Read(element) is { } error
            ? throw new XmppStreamException(error)
            : element;
    }

    /// <summary>What to throw when the server sent something that has no place here.</summary>
    public static XmppProtocolException Unexpected(XmppElement element, string expected)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new(
            StreamErrorCondition.UnsupportedStanzaType, $"The server sent <{element.Name.LocalName}/> instead of {expected}.");
    }
}
