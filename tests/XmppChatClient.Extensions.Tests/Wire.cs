using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

/// <summary>Payloads against the XML they are.</summary>
internal static class Wire
{
    /// <summary>What a payload reads from XML.</summary>
    public static T? Read<T>(string xml)
        where T : class, IPayload<T>
    {
        var element = XmppElement.Parse(xml);
        Assert.Equal(T.Name, element.Name);
        return T.Read(element);
    }

    /// <summary>Reads a payload, and sees that it writes the same again.</summary>
    public static T BothWays<T>(string xml)
        where T : class, IPayload<T>
    {
        var read = Read<T>(xml);
        Assert.NotNull(read);
        Assert.Equal(xml, XmlStreamWriter.ToText(read));
        return read;
    }
}
