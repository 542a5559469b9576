using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Negotiation;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Components;

/// <summary>Brings a component's stream from its opening tag to the end of the handshake (XEP-0114 v1.6.1 §3): there are no
/// features, and no resource.</summary>
internal static class ComponentHandshake
{
    private static readonly XmlName StreamName = new(XmppNamespaces.Streams, "stream");
    private static readonly XmlName HandshakeName = new(XmppNamespaces.Component, "handshake");

    public static async ValueTask NegotiateAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        var id = await OpenAsync(negotiation, cancellationToken).ConfigureAwait(false);
        var secret = await negotiation.Options.ReadPasswordAsync(cancellationToken).ConfigureAwait(false);
        await negotiation.Transport.SendAsync(new XmppElement(HandshakeName, Digest(id, secret!)), cancellationToken)
            .ConfigureAwait(false);
        var answer = await ReceiveAsync(negotiation, cancellationToken).ConfigureAwait(false);
        if (answer.Name != HandshakeName)
        {
            throw StreamNegotiation.Unexpected(answer, "the end of the handshake");
        }

        negotiation.IsAuthenticated = true;
        negotiation.BoundJid = negotiation.Jid;
    }

    /// <summary>What proves that we know the secret: lower case, as the XEP has it.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "XEP-0114 §3 has nothing else.")]
    internal static string Digest(string streamId, string secret) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(streamId + secret)));

    /// <returns>The stream's id.</returns>
    private static async ValueTask<string> OpenAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        XmppElement header;
        try
        {
            header = await negotiation.Transport.OpenStreamAsync(negotiation.Jid.Domain, from: null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmppProtocolException e)
        {
            throw NoServer(negotiation, e.Condition, e.Message);
        }

        if (header.Name != StreamName)
        {
            throw NoServer(negotiation, StreamErrorCondition.InvalidNamespace, $"It opened {header.Name}.");
        }

        return header.Attribute("id") is { Length: > 0 } id
            ? id : throw await WithoutIdAsync(negotiation, cancellationToken).ConfigureAwait(false);
    }

    // Prosody sends none when it has no such component, and then says so. Who closes a stream is answered by anybody.
    private static async ValueTask<XmppException> WithoutIdAsync(
        StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        try
        {
            await negotiation.Transport.CloseStreamAsync(cancellationToken).ConfigureAwait(false);
            await ReceiveAsync(negotiation, cancellationToken).ConfigureAwait(false);
        }
        catch (XmppConnectionException)
        {
            // It has said all that it says.
        }

        return NoServer(negotiation, StreamErrorCondition.BadFormat, "Its stream has no id, which the handshake needs.");
    }

    private static async ValueTask<XmppElement> ReceiveAsync(StreamNegotiation negotiation, CancellationToken cancellationToken)
    {
        try
        {
            return await negotiation.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (XmppStreamException e)
        {
            throw Explain(negotiation, e.Error);
        }
    }

    private static XmppException Explain(StreamNegotiation negotiation, StreamError error) => error.Condition switch
    {
        // ejabberd says so of domains that it does not know, too.
        StreamErrorCondition.NotAuthorized => new XmppAuthenticationException(
            "not-authorized",
            $"The server refused the component {negotiation.Jid}: {error}. It has another secret for it, or no such component."),
        StreamErrorCondition.HostUnknown => new XmppStreamException(
            error, $"The server at {negotiation.Transport.Description} knows no component {negotiation.Jid}: {error}."),

        // Whoever lost its connection without a goodbye must wait until the server has missed it too.
        StreamErrorCondition.Conflict => new XmppStreamException(
            error,
            $"The component {negotiation.Jid} is connected already: {error}. It is another process, or one that is gone and that the "
            + "server has not missed yet.",
            isTransient: true),
        _ => new XmppStreamException(
            error, $"The server at {negotiation.Transport.Description} refused the component {negotiation.Jid}: {error}."),
    };

    private static XmppProtocolException NoServer(StreamNegotiation negotiation, StreamErrorCondition condition, string problem) => new(
        condition, $"What answers at {negotiation.Transport.Description} takes no components (XEP-0114): {problem}");
}
