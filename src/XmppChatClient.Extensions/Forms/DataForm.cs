using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient.Forms;

/// <summary>XEP-0004 v2.13.1 §3 <c>&lt;x/&gt;</c>: a form, or what was filled in. Tables of results (§3.4) are not read.</summary>
public sealed record DataForm(DataFormType Type) : IPayload<DataForm>
{
    internal const string Namespace = "jabber:x:data";

    private const string FormTypeField = "FORM_TYPE";

    private static readonly XmlName TitleName = new(Namespace, "title");
    private static readonly XmlName InstructionsName = new(Namespace, "instructions");

    public static XmlName Name { get; } = new(Namespace, "x");

    public string? Title { get; init; }

    /// <summary>What a person is told, lines with <c>\n</c> between them.</summary>
    public string? Instructions { get; init; }

    public ImmutableArray<DataFormField> Fields { get; init; } = [];

    /// <summary>What gives the fields' names their meaning (XEP-0068); <see langword="null"/> when the form does not say.</summary>
    public string? FormType => Value(FormTypeField);

    /// <summary>A filled-in form of that kind (XEP-0068), without fields yet.</summary>
    public static DataForm Submission(string formType)
    {
        ArgumentNullException.ThrowIfNull(formType);
        return new DataForm(DataFormType.Submit) { Fields = [new(FormTypeField) { Type = "hidden", Values = [formType] }] };
    }

    public static DataForm? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (ReadType(element.Attribute("type")) is not { } type)
        {
            return null;
        }

        var fields = ImmutableArray.CreateBuilder<DataFormField>();
        string? instructions = null;
        foreach (var child in element.Elements)
        {
            if (child.Name == DataFormField.ElementName)
            {
                fields.Add(DataFormField.Read(child));
            }
            else if (child.Name == InstructionsName)
            {
                instructions = instructions is null ? child.Text : $"{instructions}\n{child.Text}";
            }
        }

        return new DataForm(type)
        {
            Title = element.Element(TitleName)?.Text,
            Instructions = instructions,
            Fields = fields.DrainToImmutable(),
        };
    }

    /// <summary>The field of that name; <see langword="null"/> when there is none.</summary>
    public DataFormField? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var field in Fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The first value of the field of that name; <see langword="null"/> when there is no such field, or no value.</summary>
    public string? Value(string name) => Find(name)?.Value;

    /// <summary>The same form with that in the field of that name, which is added if there is none.</summary>
    public DataForm With(string name, params ImmutableArray<string> values) => this with
    {
        Fields = Find(name) is { } field
            ? Fields.Replace(field, field with { Values = values })
            : Fields.Add(new DataFormField(name) { Values = values }),
    };

    /// <summary>What to send back: the fields that have a name and a value, without what only a person needs.</summary>
    public DataForm Submit() => new(DataFormType.Submit)
    {
        Fields =
        [
            .. Fields.Where(f => f is { Name: not null, Type: not "fixed", Values.IsEmpty: false })
                .Select(f => new DataFormField(f.Name) { Type = f.Type, Values = f.Values }),
        ],
    };

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("type", WriteType(Type));
        if (Title is not null)
        {
            writer.WriteElement(TitleName, Title);
        }

        foreach (var line in Instructions?.Split('\n') ?? [])
        {
            writer.WriteElement(InstructionsName, line);
        }

        foreach (var field in Fields)
        {
            field.Write(writer);
        }

        writer.WriteEnd();
    }

    private static DataFormType? ReadType(string? type) => type switch
    {
        "form" => DataFormType.Form,
        "submit" => DataFormType.Submit,
        "cancel" => DataFormType.Cancel,
        "result" => DataFormType.Result,
        _ => null,
    };

    private static string WriteType(DataFormType type) => type switch
    {
        DataFormType.Submit => "submit",
        DataFormType.Cancel => "cancel",
        DataFormType.Result => "result",
        _ => "form",
    };
}
