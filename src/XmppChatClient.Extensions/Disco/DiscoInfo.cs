using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Disco;

/// <summary>XEP-0030 v2.5.0 §3 <c>&lt;query/&gt;</c> of disco#info: empty but for the node in a request.</summary>
public sealed record DiscoInfo : IPayload<DiscoInfo>
{
    private const string Namespace = "http://jabber.org/protocol/disco#info";

    private static readonly XmlName IdentityName = new(Namespace, "identity");
    private static readonly XmlName FeatureName = new(Namespace, "feature");
    private static readonly XmlName FormName = new("jabber:x:data", "x");

    public static XmlName Name { get; } = new(Namespace, "query");

    /// <summary>The part of the entity that is asked about; <see langword="null"/> for all of it.</summary>
    public string? Node { get; init; }

    public ImmutableArray<DiscoIdentity> Identities { get; init; } = [];

    /// <summary>The protocols it speaks, as their namespaces.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Further information as data forms (XEP-0128 v1.0.1).</summary>
    public ImmutableArray<XmppElement> Forms { get; init; } = [];

    public static DiscoInfo? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var identities = ImmutableArray.CreateBuilder<DiscoIdentity>();
        var features = ImmutableArray.CreateBuilder<string>();
        var forms = ImmutableArray.CreateBuilder<XmppElement>();
        foreach (var child in element.Elements)
        {
            if (child.Name == IdentityName)
            {
                if (child.Attribute("category") is not { } category || child.Attribute("type") is not { } type)
                {
                    return null;
                }

                identities.Add(new DiscoIdentity(category, type, child.Attribute("name"), child.Language));
            }
            else if (child.Name == FeatureName)
            {
                if (child.Attribute("var") is not { } feature)
                {
                    return null;
                }

                features.Add(feature);
            }
            else if (child.Name == FormName)
            {
                forms.Add(child);
            }
        }

        return new DiscoInfo
        {
            Node = element.Attribute("node"),
            Identities = identities.DrainToImmutable(),
            Features = features.DrainToImmutable(),
            Forms = forms.DrainToImmutable(),
        };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("node", Node);
        foreach (var identity in Identities)
        {
            writer.WriteStart(IdentityName);
            writer.WriteAttribute("category", identity.Category);
            writer.WriteAttribute("type", identity.Type);
            writer.WriteAttribute("name", identity.Name);
            writer.WriteAttribute(XmlName.Lang, identity.Language);
            writer.WriteEnd();
        }

        foreach (var feature in Features)
        {
            writer.WriteStart(FeatureName);
            writer.WriteAttribute("var", feature);
            writer.WriteEnd();
        }

        foreach (var form in Forms)
        {
            form.Write(writer);
        }

        writer.WriteEnd();
    }
}
