using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Components;

/// <summary>What is different about a component's stanzas (XEP-0114 v1.6.1): their namespace on the wire, and that both addresses
/// are there, one of them in the component's domain.</summary>
internal static class ComponentStanza
{
    // The names of what comes all the time.
    private static readonly XmlName[] Known =
        [.. new[] { "message", "presence", "iq", "body", "subject", "thread", "error", "show", "status", "priority" }.Select(Name)];

    /// <summary>A stanza as it would be on a client's stream; anything else as it is.</summary>
    public static XmppElement Read(XmppElement element) => element.Name is
    { Namespace: XmppNamespaces.Component, LocalName: "message" or "presence" or "iq" } ? ToClient(element) : element;

    /// <summary>A stanza of ours with its sender, the domain if it names none.</summary>
    /// <exception cref="ArgumentException">Its sender is not in the domain, or it has no receiver.</exception>
    public static Stanza From(Stanza stanza, Jid domain)
    {
        if (stanza.To is null)
        {
            throw new ArgumentException("A component has no account that a stanza without a receiver could be for: set To.");
        }

        if (stanza.From is not { } from)
        {
            return stanza with { From = domain };
        }

        return from.Domain == domain.Domain ? stanza : throw new ArgumentException(
            $"The component {domain} cannot send from {from}, which is not in its domain.");
    }

    /// <summary>Why a stanza that came is not for us; <see langword="null"/> when it is.</summary>
    public static string? ProblemOf(Stanza stanza, Jid domain) => stanza switch
    {
        { From: null } => "a stanza to a component has no sender",
        { To: null } => $"a stanza from {stanza.From} to a component has no receiver",
        _ when stanza.To.Domain != domain.Domain => $"a stanza from {stanza.From} is to {stanza.To}, which is not in {domain}",
        _ => null,
    };

    // Payloads have namespaces of their own, and what is in them is theirs.
    private static XmppElement ToClient(XmppElement element)
    {
        XmlNode[] content = [.. element.Content];
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i].Element is { Name.Namespace: XmppNamespaces.Component } child)
            {
                content[i] = ToClient(child);
            }
        }

        return new XmppElement(NameOf(element.Name.LocalName), element.Attributes, content);
    }

    private static XmlName NameOf(string localName)
    {
        foreach (var known in Known)
        {
            if (known.LocalName == localName)
            {
                return known;
            }
        }

        return Name(localName);
    }

    private static XmlName Name(string localName) => new(XmppNamespaces.Client, localName);
}
