using System.Collections.Immutable;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Stanzas;

/// <summary>RFC 6121 §5, with its examples.</summary>
public sealed class MessageTests
{
    private static readonly Jid Juliet = Jid.Parse("juliet@example.com/balcony");

    [Fact]
    public void Example_of_5_2_3_is_read()
    {
        var message = Read.Stanza<Message>(
            """
            <message from='juliet@example.com/balcony' id='b4vs9km4' to='romeo@example.net' type='chat' xml:lang='en' xmlns='jabber:client'>
              <body>Wherefore art thou, Romeo?</body>
            </message>
            """);
        Assert.Equal(Juliet, message.From);
        Assert.Equal(Jid.Parse("romeo@example.net"), message.To);
        Assert.Equal(("b4vs9km4", MessageType.Chat, "en"), (message.Id, message.Type, message.Language));
        Assert.Equal("Wherefore art thou, Romeo?", message.Body);
        Assert.Null(message.Subject);
        Assert.Null(message.Thread);
        Assert.Empty(message.Payloads);
    }

    [Fact]
    public void Subject_body_and_thread_are_written_and_read()
    {
        const string Xml =
            "<message xmlns='jabber:client' from='juliet@example.com/balcony' to='romeo@example.net' id='z94nb37h' type='chat' xml:lang='en'>"
            + "<subject>I implore you!</subject><body>Wherefore art thou, Romeo?</body>"
            + "<thread>0e3141cd80894871a68e6fe6b1ec56fa</thread><x xmlns='urn:x'>y</x></message>";
        var message = Read.Stanza<Message>(Xml);
        Assert.Equal("I implore you!", message.Subject);
        Assert.Equal("0e3141cd80894871a68e6fe6b1ec56fa", message.Thread);
        Assert.Equal(Xml, message.ToString());
    }

    // The language of a text that says none is that of the stanza (RFC 6120 §8.1.5); of several, that is the one to show.
    [Theory]
    [InlineData("xml:lang='en'", "<body>en</body><body xml:lang='cs'>cs</body>", "en", 1)]
    [InlineData("xml:lang='en'", "<body xml:lang='cs'>cs</body><body>en</body>", "en", 1)]
    [InlineData("xml:lang='en'", "<body xml:lang='cs'>cs</body><body xml:lang='en'>en</body>", "en", 1)]
    [InlineData("xml:lang='EN'", "<body xml:lang='cs'>cs</body><body xml:lang='en'>en</body>", "en", 1)]
    [InlineData("", "<body xml:lang='cs'>cs</body><body>none</body>", "none", 1)]
    [InlineData("", "<body xml:lang='cs'>cs</body><body xml:lang='de'>de</body>", "cs", 1)]
    [InlineData("xml:lang='en'", "<body>one</body><body>two</body>", "one", 1)]
    [InlineData("", "<body/>", "", 0)]
    [InlineData("", "<body xmlns='urn:other'>no</body>", null, 1)]
    [InlineData("", "", null, 0)]
    public void Body_is_that_of_the_stanzas_language_and_the_others_are_kept(string language, string content, string? body, int payloads)
    {
        var message = Read.Stanza<Message>($"<message xmlns='jabber:client' {language}>{content}</message>");
        Assert.Equal(body, message.Body);
        Assert.Equal(payloads, message.Payloads.Length);
    }

    [Theory]
    [InlineData("xml:lang='en'", "<subject>s</subject><body>b</body><body xml:lang='cs'>c</body><subject xml:lang='cs'>t</subject>", null, null)]
    [InlineData("xml:lang='en'", "<body xml:lang='cs'>c</body><body xml:lang='de'>d</body>", "cs", null)]
    [InlineData("xml:lang='en'", "<subject xml:lang='cs'>t</subject><body>b</body>", null, "cs")]
    [InlineData("xml:lang='en'", "<subject xml:lang=''>t</subject><body xml:lang='de'>d</body>", "de", "")]
    [InlineData("", "<body xml:lang='cs'>c</body><subject xml:lang='de'/>", "cs", "de", "<subject xml:lang='de'></subject><body xml:lang='cs'>c</body>")]
    [InlineData("xml:lang='en'", "<body xml:lang='EN'>b</body>", null, null, "<body>b</body>")]
    public void Languages_of_body_and_subject_survive_printing(
        string language, string content, string? body, string? subject, string? printed = null)
    {
        var stanza = $"<message xmlns='jabber:client' {language}".TrimEnd();
        var message = Read.Stanza<Message>($"{stanza}>{content}</message>");
        Assert.Equal((body, subject), (message.BodyLanguage, message.SubjectLanguage));
        Assert.Equal($"{stanza}>{printed ?? content}</message>", message.ToString());
    }

    [Fact]
    public void Body_is_its_text_without_elements_and_white_space_is_kept() => Assert.Equal(
        " a\n b ", Read.Stanza<Message>("<message xmlns='jabber:client'><body> a\r\n<x xmlns='urn:x'>no</x> b </body></message>").Body);

    [Theory]
    [InlineData(null, MessageType.Normal)]
    [InlineData("normal", MessageType.Normal)]
    [InlineData("chat", MessageType.Chat)]
    [InlineData("groupchat", MessageType.Groupchat)]
    [InlineData("headline", MessageType.Headline)]
    [InlineData("error", MessageType.Error)]
    [InlineData("Chat", MessageType.Normal)]
    [InlineData("", MessageType.Normal)]
    [InlineData("telegram", MessageType.Normal)]
    public void Unknown_types_are_normal(string? name, MessageType type)
    {
        var attribute = name is null ? "" : $" type='{name}'";
        Assert.Equal(type, Read.Stanza<Message>($"<message xmlns='jabber:client'{attribute}/>").Type);
    }

    [Theory]
    [InlineData(MessageType.Normal, "<message xmlns='jabber:client'/>")]
    [InlineData(MessageType.Chat, "<message xmlns='jabber:client' type='chat'/>")]
    [InlineData(MessageType.Groupchat, "<message xmlns='jabber:client' type='groupchat'/>")]
    [InlineData(MessageType.Headline, "<message xmlns='jabber:client' type='headline'/>")]
    [InlineData(MessageType.Error, "<message xmlns='jabber:client' type='error'/>")]
    public void Types_are_written(MessageType type, string xml) => Assert.Equal(xml, new Message { Type = type }.ToString());

    [Fact]
    public void Thread_with_a_parent_is_read_and_written_with_it()
    {
        const string Xml = "<message xmlns='jabber:client'>"
            + "<thread parent='e0ffe42b28561960c6b12b944a092794b9683a38'>0e3141cd80894871a68e6fe6b1ec56fa</thread></message>";
        var message = Read.Stanza<Message>(Xml);
        Assert.Equal("0e3141cd80894871a68e6fe6b1ec56fa", message.Thread);
        Assert.Equal("e0ffe42b28561960c6b12b944a092794b9683a38", message.ParentThread);
        Assert.Equal(Xml, message.ToString());
        Assert.Equal(Xml, (message with { Id = null }).ToString());
    }

    [Fact]
    public void A_reply_goes_to_the_sender_in_thread_and_type()
    {
        var message = new Message
        {
            From = Juliet,
            To = Jid.Parse("romeo@example.net"),
            Id = "1",
            Type = MessageType.Chat,
            Body = "?",
            Thread = "t",
            ParentThread = "p",
            Language = "en",
            Payloads = [XmppElement.Parse("<x xmlns='urn:x'/>")],
        };
        Assert.Equal(
            "<message xmlns='jabber:client' to='juliet@example.com/balcony' type='chat'><body>!</body><thread parent='p'>t</thread></message>",
            message.ReplyWith("!").ToString());
    }

    [Fact]
    public void A_reply_in_a_room_goes_to_the_room() => Assert.Equal(
        "<message xmlns='jabber:client' to='room@muc.example' type='groupchat'><body>!</body></message>",
        new Message { From = Jid.Parse("room@muc.example/nick"), Type = MessageType.Groupchat, Body = "?" }.ReplyWith("!").ToString());

    [Fact]
    public void Errors_and_messages_of_nobody_are_not_answered()
    {
        Assert.Throws<InvalidOperationException>(() => new Message { From = Juliet, Type = MessageType.Error }.ReplyWith("!"));
        Assert.Throws<InvalidOperationException>(() => new Message { Type = MessageType.Chat }.ReplyWith("!"));
    }

    [Fact]
    public void Copies_change_nothing_of_the_first()
    {
        var first = new Message { From = Juliet, Body = "a", Payloads = [XmppElement.Parse("<x xmlns='urn:x'/>")] };
        var second = first with { Body = "b", Payloads = default };
        Assert.Equal("<message xmlns='jabber:client' from='juliet@example.com/balcony'><body>a</body><x xmlns='urn:x'/></message>", first.ToString());
        Assert.Equal("<message xmlns='jabber:client' from='juliet@example.com/balcony'><body>b</body></message>", second.ToString());
        Assert.Equal(ImmutableArray<IPayload>.Empty, second.Payloads);
        Assert.Equal(first, first with { });
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Payloads_are_found_by_type_as_records_and_as_elements()
    {
        var error = StanzaErrors.ItemNotFound;
        var sent = new Message { Type = MessageType.Error, Payloads = [error] };
        Assert.Same(error, sent.Error);
        Assert.Equal(error, Read.Stanza<Message>(sent.ToString()).Error);
        Assert.Null(new Message().Error);
    }
}
