using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0441 v0.2.0 §2 <c>&lt;prefs/&gt;</c>: whose messages our account has archived; empty in a request.</summary>
/// <param name="Default">always, roster or never.</param>
internal sealed record ArchivePreferences(string? Default = null) : IPayload<ArchivePreferences>
{
    private static readonly XmlName AlwaysName = new(ArchiveRequest.Namespace, "always");
    private static readonly XmlName NeverName = new(ArchiveRequest.Namespace, "never");
    private static readonly XmlName JidName = new(ArchiveRequest.Namespace, "jid");

    public static XmlName Name { get; } = new(ArchiveRequest.Namespace, "prefs");

    public ImmutableArray<Jid> Always { get; init; } = [];

    public ImmutableArray<Jid> Never { get; init; } = [];

    public static ArchivePreferences? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("default") is "always" or "roster" or "never"
            ? new ArchivePreferences(element.Attribute("default"))
            {
                Always = Addresses(element.Element(AlwaysName)),
                Never = Addresses(element.Element(NeverName)),
            }
            : null;
    }

    /// <summary>Whether messages to somebody are archived for certain. For people in the roster servers differ in who that is.
    /// </summary>
    public bool Keeps(Jid peer) =>
        !Never.Contains(peer) && !Never.Contains(peer.Bare)
        && (Default == "always" || Always.Contains(peer) || Always.Contains(peer.Bare));

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("default", Default);
        if (Default is not null)
        {
            Write(writer, AlwaysName, Always);
            Write(writer, NeverName, Never);
        }

        writer.WriteEnd();
    }

    private static ImmutableArray<Jid> Addresses(XmppElement? list)
    {
        var addresses = ImmutableArray.CreateBuilder<Jid>();
        foreach (var child in list?.Elements ?? default)
        {
            if (child.Name == JidName && Jid.TryParse(child.Text, out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses.DrainToImmutable();
    }

    private static void Write(XmlStreamWriter writer, XmlName name, ImmutableArray<Jid> addresses)
    {
        writer.WriteStart(name);
        foreach (var address in addresses)
        {
            writer.WriteElement(JidName, address.ToString());
        }

        writer.WriteEnd();
    }
}
