using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>Whose messages an account wants archived (XEP-0441 §2; the namespace is that of XEP-0313).</summary>
internal sealed record ArchivePreferences(ArchivePolicy Default, IReadOnlyList<Jid> Always, IReadOnlyList<Jid> Never)
{
    public static XmlName Name { get; } = new(ArchiveAnswers.Namespace, "prefs");

    /// <returns>Null when it is malformed.</returns>
    public static ArchivePreferences? Read(XmppElement element)
    {
        ArchivePolicy? policy = element.Attribute("default") switch
        {
            "always" => ArchivePolicy.Always,
            "roster" => ArchivePolicy.Roster,
            "never" => ArchivePolicy.Never,
            _ => null,
        };
        return policy is { } known && Addresses(element, "always") is { } always && Addresses(element, "never") is { } never
            ? new ArchivePreferences(known, always, never) : null;
    }

    public XmppElement ToElement()
    {
        var policy = Default switch
        {
            ArchivePolicy.Always => "always",
            ArchivePolicy.Roster => "roster",
            _ => "never",
        };
        return new XmppElement(Name, [new XmlAttribute("default", policy)], List("always", Always), List("never", Never));
    }

    public bool Keeps(ServerAccount account, Jid peer)
    {
        // Never goes first, as in Prosody.
        if (Names(Never, peer) || Names(Always, peer))
        {
            return !Names(Never, peer);
        }

        return Default == ArchivePolicy.Always
            || (Default == ArchivePolicy.Roster && account.Roster.Find(peer.Bare) is not null);
    }

    private static bool Names(IReadOnlyList<Jid> list, Jid peer) => list.Contains(peer) || list.Contains(peer.Bare);

    private static List<Jid>? Addresses(XmppElement element, string list)
    {
        var addresses = new List<Jid>();
        foreach (var child in element.Child(ArchiveAnswers.Namespace, list)?.Elements.ToArray() ?? [])
        {
            if (!Jid.TryParse(child.Text, out var address))
            {
                return null;
            }

            addresses.Add(address);
        }

        return addresses;
    }

    private static XmppElement List(string name, IReadOnlyList<Jid> addresses) => new(
        new XmlName(ArchiveAnswers.Namespace, name),
        [.. addresses.Select(a => XmlNode.FromElement(
            new XmppElement(new XmlName(ArchiveAnswers.Namespace, "jid"), a.ToString())))]);
}
