using System.Xml;
using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>
/// Reads one stream element by element with System.Xml alone. XNode.ReadFrom would hold each stanza back until the next
/// begins.
/// </summary>
internal sealed class ElementReader(Stream stream, Func<string, string> translate)
{
    private readonly XmlReader _xml = XmlReader.Create(stream, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit });

    /// <summary>The stream's header first (without children), then its children; null once it is closed.</summary>
    public async Task<XElement?> ReadAsync()
    {
        while (await _xml.ReadAsync())
        {
            if (_xml.NodeType == XmlNodeType.EndElement)
                return null;
            if (_xml.NodeType == XmlNodeType.Element)
                return _xml.Depth == 0 ? Start() : await ReadChildAsync();
        }

        return null;
    }

    private async Task<XElement> ReadChildAsync()
    {
        var child = Start();
        if (_xml.IsEmptyElement)
            return child;
        var current = child;
        while (await _xml.ReadAsync())
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Element:
                    var inner = Start();
                    current.Add(inner);
                    if (!_xml.IsEmptyElement)
                        current = inner;
                    break;
                case XmlNodeType.EndElement when current == child:
                    return child;
                case XmlNodeType.EndElement:
                    current = current.Parent!;
                    break;
                default:
                    current.Add(translate(await _xml.GetValueAsync()));
                    break;
            }
        }

        throw new EndOfStreamException($"The stream ended inside {child}.");
    }

    private XElement Start()
    {
        var element = new XElement(XName.Get(_xml.LocalName, _xml.NamespaceURI));
        while (_xml.MoveToNextAttribute())
        {
            if (_xml.NamespaceURI != XNamespace.Xmlns)
                element.SetAttributeValue(XName.Get(_xml.LocalName, _xml.NamespaceURI), translate(_xml.Value));
        }

        _xml.MoveToElement();
        return element;
    }
}
