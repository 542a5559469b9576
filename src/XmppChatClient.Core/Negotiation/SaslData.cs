using System.Buffers.Text;
using XmppChatClient.Sasl;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>What both profiles of SASL (RFC 6120 §6, XEP-0388) have in common on the wire.</summary>
internal static class SaslData
{
    public const string ConditionNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";

    // SCRAM needs two; a server that goes on asking is stopped by the mechanism, and by this if that should fail.
    public const int MostChallenges = 8;

    /// <exception cref="XmppProtocolException">It is no base64.</exception>
    public static byte[] Decode(XmppElement element)
    {
        var text = element.Text.Trim();
        if (text is "" or "=")
        {
            return [];
        }

        // RFC 6120 §13.9.1 forbids line breaks and padding errors alike; this refuses the latter.
        if (!Base64.IsValid(text))
        {
            throw new XmppProtocolException(StreamErrorCondition.BadFormat, "The server's SASL data is not base64.");
        }

        return Convert.FromBase64String(text);
    }

    // Deriving SCRAM's key may take the processor seconds. Here it would hold up whoever else this thread serves, and no platform
    // lets go of it: who cancels does not wait for its end.
    public static async ValueTask<ReadOnlyMemory<byte>> RespondAsync(
        ISaslMechanism mechanism, XmppElement challenge, CancellationToken cancellationToken)
    {
        var asked = Decode(challenge);
        return await Task.Run(() => mechanism.Respond(asked), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public static XmppSecurityException AsksForEver() => new("The server goes on asking and never lets us in.");

    public static XmppAuthenticationException Refused(StreamNegotiation negotiation, string mechanism, XmppElement failure)
    {
        var condition = "undefined-condition";
        string? text = null;
        foreach (var child in failure.Elements)
        {
            if (child.Name.LocalName == "text")
            {
                text = child.Text;
            }
            else if (child.Name.Namespace == ConditionNamespace || child.Name.Namespace == failure.Name.Namespace)
            {
                // Prosody's module for SASL2 leaves some conditions in its own namespace.
                condition = child.Name.LocalName;
            }
        }

        return new XmppAuthenticationException(
            condition,
            $"The server refused the login of {negotiation.Jid.Bare} with {mechanism}: {condition}"
            + (string.IsNullOrWhiteSpace(text) ? "." : $" ({text})."));
    }
}
