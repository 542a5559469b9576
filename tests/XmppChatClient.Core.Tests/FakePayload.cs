using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests;

/// <summary><c>&lt;query xmlns='urn:test'/&gt;</c></summary>
internal sealed record FakePayload : IPayload<FakePayload>
{
    public static XmlName Name { get; } = new("urn:test", "query");

    public static FakePayload? Read(XmppElement element) => new();

    public void Write(XmlStreamWriter writer) => writer.WriteElement(Name, null);
}
