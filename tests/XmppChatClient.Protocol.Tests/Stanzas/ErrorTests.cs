using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Stanzas;

/// <summary>Errors of stanzas (RFC 6120 §8.3) and of streams (§4.9).</summary>
public sealed class ErrorTests
{
    private const string Stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
    private const string Streams = "urn:ietf:params:xml:ns:xmpp-streams";

    public static TheoryData<StanzaErrorCondition, string> StanzaConditions { get; } = new()
    {
        { StanzaErrorCondition.BadRequest, "bad-request" },
        { StanzaErrorCondition.Conflict, "conflict" },
        { StanzaErrorCondition.FeatureNotImplemented, "feature-not-implemented" },
        { StanzaErrorCondition.Forbidden, "forbidden" },
        { StanzaErrorCondition.Gone, "gone" },
        { StanzaErrorCondition.InternalServerError, "internal-server-error" },
        { StanzaErrorCondition.ItemNotFound, "item-not-found" },
        { StanzaErrorCondition.JidMalformed, "jid-malformed" },
        { StanzaErrorCondition.NotAcceptable, "not-acceptable" },
        { StanzaErrorCondition.NotAllowed, "not-allowed" },
        { StanzaErrorCondition.NotAuthorized, "not-authorized" },
        { StanzaErrorCondition.PolicyViolation, "policy-violation" },
        { StanzaErrorCondition.RecipientUnavailable, "recipient-unavailable" },
        { StanzaErrorCondition.Redirect, "redirect" },
        { StanzaErrorCondition.RegistrationRequired, "registration-required" },
        { StanzaErrorCondition.RemoteServerNotFound, "remote-server-not-found" },
        { StanzaErrorCondition.RemoteServerTimeout, "remote-server-timeout" },
        { StanzaErrorCondition.ResourceConstraint, "resource-constraint" },
        { StanzaErrorCondition.ServiceUnavailable, "service-unavailable" },
        { StanzaErrorCondition.SubscriptionRequired, "subscription-required" },
        { StanzaErrorCondition.UndefinedCondition, "undefined-condition" },
        { StanzaErrorCondition.UnexpectedRequest, "unexpected-request" },
    };

    public static TheoryData<StreamErrorCondition, string> StreamConditions { get; } = new()
    {
        { StreamErrorCondition.BadFormat, "bad-format" },
        { StreamErrorCondition.BadNamespacePrefix, "bad-namespace-prefix" },
        { StreamErrorCondition.Conflict, "conflict" },
        { StreamErrorCondition.ConnectionTimeout, "connection-timeout" },
        { StreamErrorCondition.HostGone, "host-gone" },
        { StreamErrorCondition.HostUnknown, "host-unknown" },
        { StreamErrorCondition.ImproperAddressing, "improper-addressing" },
        { StreamErrorCondition.InternalServerError, "internal-server-error" },
        { StreamErrorCondition.InvalidFrom, "invalid-from" },
        { StreamErrorCondition.InvalidNamespace, "invalid-namespace" },
        { StreamErrorCondition.InvalidXml, "invalid-xml" },
        { StreamErrorCondition.NotAuthorized, "not-authorized" },
        { StreamErrorCondition.NotWellFormed, "not-well-formed" },
        { StreamErrorCondition.PolicyViolation, "policy-violation" },
        { StreamErrorCondition.RemoteConnectionFailed, "remote-connection-failed" },
        { StreamErrorCondition.Reset, "reset" },
        { StreamErrorCondition.ResourceConstraint, "resource-constraint" },
        { StreamErrorCondition.RestrictedXml, "restricted-xml" },
        { StreamErrorCondition.SeeOtherHost, "see-other-host" },
        { StreamErrorCondition.SystemShutdown, "system-shutdown" },
        { StreamErrorCondition.UndefinedCondition, "undefined-condition" },
        { StreamErrorCondition.UnsupportedEncoding, "unsupported-encoding" },
        { StreamErrorCondition.UnsupportedFeature, "unsupported-feature" },
        { StreamErrorCondition.UnsupportedStanzaType, "unsupported-stanza-type" },
        { StreamErrorCondition.UnsupportedVersion, "unsupported-version" },
    };

    [Theory]
    [MemberData(nameof(StanzaConditions))]
    public void Stanza_conditions_are_read_and_written(StanzaErrorCondition condition, string name)
    {
        var xml = $"<error xmlns='jabber:client' type='cancel'><{name} xmlns='{Stanzas}'/></error>";
        var error = new StanzaError(StanzaErrorType.Cancel, condition);
        Assert.Equal(error, StanzaError.Read(XmppElement.Parse(xml)));
        Assert.Equal(xml, XmppElement.From(error).ToString());
    }

    [Fact]
    public void All_conditions_are_tested()
    {
        Assert.Equal(Enum.GetValues<StanzaErrorCondition>(), StanzaConditions.Select(row => row.Data.Item1).Order());
        Assert.Equal(Enum.GetValues<StreamErrorCondition>(), StreamConditions.Select(row => row.Data.Item1).Order());
    }

    [Theory]
    [InlineData("auth", StanzaErrorType.Auth)]
    [InlineData("cancel", StanzaErrorType.Cancel)]
    [InlineData("continue", StanzaErrorType.Continue)]
    [InlineData("modify", StanzaErrorType.Modify)]
    [InlineData("wait", StanzaErrorType.Wait)]
    [InlineData("Wait", StanzaErrorType.Cancel)]
    [InlineData("", StanzaErrorType.Cancel)]
    public void Error_types_are_read_and_unknown_ones_cancel(string name, StanzaErrorType type) => Assert.Equal(
        new StanzaError(type, StanzaErrorCondition.BadRequest),
        StanzaError.Read(XmppElement.Parse($"<error xmlns='jabber:client' type='{name}'><bad-request xmlns='{Stanzas}'/></error>")));

    [Fact]
    public void Text_and_the_applications_own_condition_are_kept()
    {
        // RFC 6120 §8.3.4
        const string Xml = "<error xmlns='jabber:client' type='modify' by='im.example.com'>"
            + "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Too many &lt;parameters/></text>"
            + "<too-many-parameters xmlns='http://example.org/errors'>x</too-many-parameters></error>";
        var error = StanzaError.Read(XmppElement.Parse(Xml))!;
        Assert.Equal((StanzaErrorCondition.BadRequest, "Too many <parameters/>", "im.example.com"), (error.Condition, error.Text, error.By));
        Assert.Equal(new XmlName("http://example.org/errors", "too-many-parameters"), error.Detail!.Name);
        Assert.Equal(Xml.Replace("/></text", "/&gt;</text", StringComparison.Ordinal), XmppElement.From(error).ToString());
        Assert.Equal("bad-request (Too many <parameters/>)", error.ToString());
    }

    [Theory]
    [InlineData("gone", "xmpp:romeo@afterlife.example.net")]
    [InlineData("redirect", "xmpp:voicemail@example.org")]
    public void The_new_address_is_kept(string name, string address)
    {
        var xml = $"<error xmlns='jabber:client' type='cancel'><{name} xmlns='{Stanzas}'>{address}</{name}></error>";
        var error = StanzaError.Read(XmppElement.Parse(xml))!;
        Assert.Equal(address, error.Address);
        Assert.Equal(xml, XmppElement.From(error).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<no-such-condition xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>")]
    [InlineData("<BadRequest xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>")]
    [InlineData("<bad-request/>")]
    [InlineData("<bad-request xmlns='urn:other'/>")]
    public void An_unknown_stanza_condition_is_undefined(string condition) => Assert.Equal(
        StanzaErrorCondition.UndefinedCondition,
        StanzaError.Read(XmppElement.Parse($"<error xmlns='jabber:client' type='wait'>{condition}</error>"))!.Condition);

    [Theory]
    [InlineData("<item-not-found xmlns='{0}'/><unknown xmlns='{0}'/>")]
    [InlineData("<unknown xmlns='{0}'/><item-not-found xmlns='{0}'/>")]
    [InlineData("<text xmlns='{0}'>t</text><item-not-found xmlns='{0}'/><x xmlns='urn:x'/>")]
    public void The_known_stanza_condition_counts(string content)
    {
        var xml = $"<error xmlns='jabber:client' type='wait'>{content.Replace("{0}", Stanzas, StringComparison.Ordinal)}</error>";
        Assert.Equal(StanzaErrorCondition.ItemNotFound, StanzaError.Read(XmppElement.Parse(xml))!.Condition);
    }

    [Theory]
    [MemberData(nameof(StreamConditions))]
    public void Stream_conditions_are_read_and_written(StreamErrorCondition condition, string name)
    {
        var xml = $"<error xmlns='http://etherx.jabber.org/streams'><{name} xmlns='{Streams}'/></error>";
        Assert.Equal(condition, StreamError.Read(XmppElement.Parse(xml))!.Condition);
        Assert.Equal(xml, XmppElement.From(new StreamError(condition)).ToString());
    }

    [Fact]
    public void Stream_error_keeps_text_detail_and_the_other_host()
    {
        // RFC 6120 §4.9.3.19 and §4.9.4
        const string Xml = "<error xmlns='http://etherx.jabber.org/streams'><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
            + "[2001:41D0:1:A49b::1]:9222</see-other-host><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>moved</text>"
            + "<escape-your-data xmlns='http://example.org/ns'/></error>";
        var error = StreamError.Read(XmppElement.Parse(Xml))!;
        Assert.Equal(
            (StreamErrorCondition.SeeOtherHost, "[2001:41D0:1:A49b::1]:9222", "moved"), (error.Condition, error.OtherHost, error.Text));
        Assert.Equal("escape-your-data", error.Detail!.Name.LocalName);
        Assert.Equal(Xml, XmppElement.From(error).ToString());
        Assert.Equal("see-other-host (moved)", error.ToString());
    }

    [Theory]
    [InlineData("", StreamErrorCondition.UndefinedCondition)]
    [InlineData("<unknown xmlns='{0}'/>", StreamErrorCondition.UndefinedCondition)]
    [InlineData("<conflict/>", StreamErrorCondition.UndefinedCondition)]
    [InlineData("<conflict xmlns='{0}'/><unknown xmlns='{0}'/>", StreamErrorCondition.Conflict)]
    [InlineData("<unknown xmlns='{0}'/><conflict xmlns='{0}'/>", StreamErrorCondition.Conflict)]
    public void The_known_stream_condition_counts(string content, StreamErrorCondition condition)
    {
        var xml = $"<error xmlns='http://etherx.jabber.org/streams'>{content.Replace("{0}", Streams, StringComparison.Ordinal)}</error>";
        Assert.Equal(condition, StreamError.Read(XmppElement.Parse(xml))!.Condition);
    }

    [Theory]
    [InlineData(StreamErrorCondition.Conflict, false)]
    [InlineData(StreamErrorCondition.HostUnknown, false)]
    [InlineData(StreamErrorCondition.NotAuthorized, false)]
    [InlineData(StreamErrorCondition.PolicyViolation, false)]
    [InlineData(StreamErrorCondition.SystemShutdown, true)]
    [InlineData(StreamErrorCondition.Reset, true)]
    public void Conflict_and_policy_are_not_tried_again(StreamErrorCondition condition, bool isTransient) =>
        Assert.Equal(isTransient, new StreamError(condition).IsTransient);
}
