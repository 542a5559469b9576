using XmppChatClient.Modules;
using XmppChatClient.StreamManagement;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>What is asked for together with a login (XEP-0388 v1.0.4 §2.1): to go on with a session (XEP-0198 §9), or a resource
/// (XEP-0386 v1.1.0) with stream management and what modules want on.</summary>
internal sealed class InlineRequest
{
    private const string BindNamespace = "urn:xmpp:bind:0";

    private static readonly XmlName Inline = new(Sasl2.Namespace, "inline");
    private static readonly XmlName Identity = new(Sasl2.Namespace, "authorization-identifier");
    private static readonly XmlName Bind = new(BindNamespace, "bind");
    private static readonly XmlName BindInline = new(BindNamespace, "inline");
    private static readonly XmlName Bound = new(BindNamespace, "bound");
    private static readonly XmlName Tag = new(BindNamespace, "tag");

    private readonly StreamNegotiation _negotiation;
    private readonly bool _resumes;
    private readonly List<BindFeature> _wanted = [];

    /// <param name="offer">The server's, of SASL2.</param>
    public InlineRequest(StreamNegotiation negotiation, XmppElement offer)
    {
        _negotiation = negotiation;
        var inline = offer.Element(Inline);
        if (negotiation is { Resume: { } resume, Transport.MayResume: true } && inline?.Element(StreamManagementElements.Feature) is not null)
        {
            _resumes = true;
            Elements.Add(StreamManagementElements.Resume(resume.Id, resume.Handled));
        }

        // With a resource there is no session to be resumed any more.
        if (negotiation.MayBindInline && (_resumes || negotiation.Resume is null) && inline?.Element(Bind) is { } bind)
        {
            Elements.Add(BindWith(bind));
        }
    }

    public List<XmlNode> Elements { get; } = [];

    /// <summary>What an offer of SASL2 has inline under that name.</summary>
    public static XmppElement? Find(XmppElement offer, XmlName name) => offer.Element(Inline)?.Element(name);

    /// <summary>It is being asked for.</summary>
    public void Sent() => Note(_resumes);

    /// <summary>The login has failed, and nothing has come of it.</summary>
    public void Refused() => Note(false);

    /// <summary>Takes what the server's success says of it.</summary>
    /// <exception cref="XmppProtocolException">It cannot be.</exception>
    public void Take(XmppElement success)
    {
        if (_resumes && success.Element(StreamManagementElements.Resumed) is { } resumed)
        {
            StreamResumption.Resumed(_negotiation, resumed);
            _negotiation.IsResumedInline = true;
            return;
        }

        if (_resumes && success.Element(StreamManagementElements.Failed) is { } failed)
        {
            _negotiation.LostAt = StreamManagementElements.ReadCount(failed);
        }

        if (success.Element(Bound) is { } bound)
        {
            _negotiation.BoundJid = Jid.TryParse(success.Element(Identity)?.Text.Trim(), out var jid) && !jid.IsBare
                ? jid
                : throw new XmppProtocolException(StreamErrorCondition.BadFormat, "The server bound us to no full address.");
            _negotiation.Managed = bound.Element(StreamManagementElements.Enabled) is { } enabled
                ? ManagedStream.Read(enabled, _negotiation) : null;

            // There is no word of it: whoever offers it must be able to do it (§3.2).
            _negotiation.SwitchedOn = _wanted;
        }
    }

    private XmppElement BindWith(XmppElement offer)
    {
        var options = _negotiation.Options;
        var content = new List<XmlNode>();
        if (options.Login.Tag is { } tag)
        {
            content.Add(new XmppElement(Tag, tag));
        }

        var features = offer.Element(BindInline)?.Elements.ToArray().Select(e => e.Attribute("var")).ToArray() ?? [];
        _wanted.AddRange(_negotiation.BindFeatures.Where(f => features.Contains(f.Feature)));
        content.AddRange(_wanted.Select(f => XmlNode.FromElement(f.Request)));
        if (options.StreamManagement.Enabled && features.Contains(StreamManagementElements.Namespace))
        {
            content.Add(StreamManagementElements.Enable(_negotiation.WantsResumption));
        }

        return new XmppElement(Bind, [.. content]);
    }

    private void Note(bool wasSent)
    {
        if (_negotiation.Resume is { } resume)
        {
            resume.WasSent = wasSent;
        }
    }
}
