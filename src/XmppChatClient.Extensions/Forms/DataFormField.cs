using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Forms;

/// <summary>A field of a form (XEP-0004 v2.13.1 §3.2).</summary>
/// <param name="Name">Its name; <see langword="null"/> only where there is nothing to submit, as in a text between fields.</param>
public sealed record DataFormField(string? Name)
{
    internal static readonly XmlName ElementName = new(DataForm.Namespace, "field");

    private static readonly XmlName ValueName = new(DataForm.Namespace, "value");
    private static readonly XmlName RequiredName = new(DataForm.Namespace, "required");
    private static readonly XmlName DescriptionName = new(DataForm.Namespace, "desc");
    private static readonly XmlName OptionName = new(DataForm.Namespace, "option");

    /// <summary>How it is shown (§3.3), such as <c>text-single</c>, <c>text-private</c> or <c>boolean</c>; <see langword="null"/>
    /// when the form does not say.</summary>
    public string? Type { get; init; }

    /// <summary>What a person is shown as its name.</summary>
    public string? Label { get; init; }

    /// <summary>What a person is told about it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it must be filled in.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What it holds: one, unless its type is one of several. A text of several lines has a value for each.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>What there is to choose from.</summary>
    public ImmutableArray<DataFormOption> Options { get; init; } = [];

    /// <summary>Its first value; <see langword="null"/> when it has none.</summary>
    public string? Value => Values.IsEmpty ? null : Values[0];

    internal static DataFormField Read(XmppElement element)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        var options = ImmutableArray.CreateBuilder<DataFormOption>();
        foreach (var child in element.Elements)
        {
            if (child.Name == ValueName)
            {
                values.Add(child.Text);
            }
            else if (child.Name == OptionName && child.Element(ValueName) is { } value)
            {
                options.Add(new DataFormOption(value.Text, child.Attribute("label")));
            }
        }

        return new DataFormField(element.Attribute("var"))
        {
            Type = element.Attribute("type"),
            Label = element.Attribute("label"),
            Description = element.Element(DescriptionName)?.Text,
            IsRequired = element.Element(RequiredName) is not null,
            Values = values.DrainToImmutable(),
            Options = options.DrainToImmutable(),
        };
    }

    internal void Write(XmlStreamWriter writer)
    {
        writer.WriteStart(ElementName);
        writer.WriteAttribute("var", Name);
        writer.WriteAttribute("type", Type);
        writer.WriteAttribute("label", Label);
        if (Description is not null)
        {
            writer.WriteElement(DescriptionName, Description);
        }

        if (IsRequired)
        {
            writer.WriteElement(RequiredName);
        }

        foreach (var value in Values)
        {
            writer.WriteElement(ValueName, value);
        }

        foreach (var option in Options)
        {
            writer.WriteStart(OptionName);
            writer.WriteAttribute("label", option.Label);
            writer.WriteElement(ValueName, option.Value);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }
}
