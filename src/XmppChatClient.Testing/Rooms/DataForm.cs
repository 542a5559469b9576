using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Forms (XEP-0004 §3) of the kinds that rooms use.</summary>
internal static class DataForm
{
    public const string Namespace = "jabber:x:data";

    /// <summary>A form whose first field says what it is for (XEP-0068).</summary>
    public static XmppElement Create(string type, string formType, params ReadOnlySpan<XmppElement> fields)
    {
        var content = new List<XmlNode> { Field("FORM_TYPE", "hidden", formType) };
        foreach (var field in fields)
        {
            content.Add(field);
        }

        return new XmppElement(new XmlName(Namespace, "x"), [new XmlAttribute("type", type)], [.. content]);
    }

    public static XmppElement Field(string name, string type, string? value, params ReadOnlySpan<string> options)
    {
        var content = new List<XmlNode>();
        if (value is not null)
        {
            content.Add(Value(value));
        }

        foreach (var option in options)
        {
            content.Add(new XmppElement(new XmlName(Namespace, "option"), Value(option)));
        }

        return new XmppElement(
            new XmlName(Namespace, "field"), [new XmlAttribute("var", name), new XmlAttribute("type", type)], [.. content]);
    }

    /// <summary>The first value of the field of that name; empty when it has none, null when there is no such field.</summary>
    public static string? Value(XmppElement form, string name)
    {
        foreach (var field in form.Elements)
        {
            if (field.Name.LocalName == "field" && field.Name.Namespace == Namespace && field.Attribute("var") == name)
            {
                return field.Child(Namespace, "value")?.Text ?? "";
            }
        }

        return null;
    }

    private static XmppElement Value(string text) =>
        text.Length == 0 ? new XmppElement(new XmlName(Namespace, "value")) : new XmppElement(new XmlName(Namespace, "value"), text);
}
