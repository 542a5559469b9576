using System.Collections.Immutable;
using XmppChatClient.Forms;
using XmppChatClient.Xml;

namespace XmppChatClient.Registration;

/// <summary>XEP-0077 v2.4 <c>&lt;query/&gt;</c>: empty asks what is needed, and what is needed comes and goes as plain fields, as a
/// form, or both (§3, §4).</summary>
internal sealed record RegistrationQuery : IPayload<RegistrationQuery>
{
    public const string Namespace = "jabber:iq:register";

    private static readonly XmlName RegisteredName = new(Namespace, "registered");
    private static readonly XmlName InstructionsName = new(Namespace, "instructions");
    private static readonly XmlName RemoveName = new(Namespace, "remove");
    private static readonly XmlName ElsewhereName = new("jabber:x:oob", "x");
    private static readonly XmlName UrlName = new("jabber:x:oob", "url");

    public static XmlName Name { get; } = new(Namespace, "query");

    public string? Instructions { get; init; }

    /// <summary>Names and values; empty values where they are asked for.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; init; } = [];

    public DataForm? Form { get; init; }

    /// <summary>§5: where to register instead.</summary>
    public string? Url { get; init; }

    /// <summary>§3.2: the account is to go.</summary>
    public bool IsRemoval { get; init; }

    public static RegistrationQuery? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var child in element.Elements)
        {
            if (child.Name.Namespace == Namespace
                && child.Name != InstructionsName && child.Name != RegisteredName && child.Name != RemoveName)
            {
                fields.Add(new(child.Name.LocalName, child.Text));
            }
        }

        return new RegistrationQuery
        {
            Instructions = element.Element(InstructionsName)?.Text,
            Fields = fields.DrainToImmutable(),
            Form = element.Get<DataForm>(),
            Url = element.Element(ElsewhereName)?.Element(UrlName)?.Text,
            IsRemoval = element.Element(RemoveName) is not null,
        };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        if (IsRemoval)
        {
            writer.WriteElement(RemoveName);
        }

        if (Instructions is not null)
        {
            writer.WriteElement(InstructionsName, Instructions);
        }

        foreach (var (name, value) in Fields)
        {
            writer.WriteElement(new XmlName(Namespace, name), value.Length == 0 ? null : value);
        }

        Form?.Write(writer);
        if (Url is not null)
        {
            writer.WriteStart(ElsewhereName);
            writer.WriteElement(UrlName, Url);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }
}
