using System.Globalization;
using System.Text;
using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>A tree as text that only equal trees share, made without the writer that is under test. Texts go with their
/// lengths, so that nothing in them can look like the rest.</summary>
internal sealed class CanonicalTree
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _text = new();

    public static string Of(XmppElement element)
    {
        var tree = new CanonicalTree();
        tree.Add(element);
        return tree.ToString();
    }

    public void Start(string namespaceName, string localName)
    {
        FlushText();
        _output.Append('<').Append(namespaceName).Append('|').Append(localName);
    }

    public void Attribute(string namespaceName, string localName, string value)
    {
        _output.Append(' ').Append(namespaceName).Append('|').Append(localName).Append('=');
        Measured(value);
    }

    public void Text(string text) => _text.Append(text);

    public void End()
    {
        FlushText();
        _output.Append('>');
    }

    public override string ToString() => _output.ToString();

    private void Add(XmppElement element)
    {
        Start(element.Name.Namespace, element.Name.LocalName);
        foreach (var attribute in element.Attributes)
        {
            Attribute(attribute.Name.Namespace, attribute.Name.LocalName, attribute.Value);
        }

        foreach (var node in element.Content)
        {
            if (node.Element is { } child)
            {
                Add(child);
            }
            else
            {
                Text(node.Text!);
            }
        }

        End();
    }

    private void FlushText()
    {
        if (_text.Length > 0)
        {
            _output.Append(' ');
            Measured(_text.ToString());
            _text.Clear();
        }
    }

    private void Measured(string text) =>
        _output.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
}
