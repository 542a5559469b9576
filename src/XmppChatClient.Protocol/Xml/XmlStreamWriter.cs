using System.Buffers;

namespace XmppChatClient.Xml;

/// <summary>Writes XML elements as UTF-8; the only place that escapes. Namespaces are declared where they change.</summary>
public sealed class XmlStreamWriter
{
    /// <param name="output">Where the bytes go.</param>
    /// <param name="defaultNamespace">The default namespace already in scope, such as <c>jabber:client</c> inside a stream,
    /// which is then not declared again; empty for none.</param>
    public XmlStreamWriter(IBufferWriter<byte> output, string defaultNamespace = "") => throw new NotImplementedException();

    /// <summary>Opens an element. Attributes come next, before any content.</summary>
    public void WriteStart(XmlName name) => throw new NotImplementedException();

    /// <summary>Opens an element of that namespace and name.</summary>
    public void WriteStart(string namespaceName, string localName) => throw new NotImplementedException();

    /// <summary>Writes an attribute in no namespace of the element just opened; nothing when <paramref name="value"/> is
    /// <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">The value holds a character XML 1.0 cannot carry.</exception>
    public void WriteAttribute(string localName, string? value) => throw new NotImplementedException();

    /// <summary>Writes an attribute of the element just opened; nothing when <paramref name="value"/> is
    /// <see langword="null"/>.</summary>
    public void WriteAttribute(XmlName name, string? value) => throw new NotImplementedException();

    /// <summary>Writes text, escaped.</summary>
    /// <exception cref="ArgumentException">The text holds a character XML 1.0 cannot carry: most control characters, a lone
    /// surrogate, U+FFFE or U+FFFF.</exception>
    public void WriteText(ReadOnlySpan<char> text) => throw new NotImplementedException();

    /// <summary>Writes bytes as base64 text.</summary>
    public void WriteBase64(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>Closes the innermost open element.</summary>
    public void WriteEnd() => throw new NotImplementedException();

    /// <summary>Writes an element that holds at most text: <c>&lt;body&gt;text&lt;/body&gt;</c>.</summary>
    public void WriteElement(XmlName name, string? text = null) => throw new NotImplementedException();

    /// <summary>Writes a stream's opening tag.</summary>
    public void WriteStreamStart(string to, string? from, string? language, string contentNamespace) =>
        throw new NotImplementedException();

    /// <summary>Writes a stream's closing tag.</summary>
    public void WriteStreamEnd() => throw new NotImplementedException();

    /// <summary>Forgets all open elements, as after an exception; what was written must be dropped by the caller.</summary>
    public void Reset() => throw new NotImplementedException();

    /// <summary>An element as text, standing alone.</summary>
    public static string ToText(IXmlWritable element) => throw new NotImplementedException();
}
