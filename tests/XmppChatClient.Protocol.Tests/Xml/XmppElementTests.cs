using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

public sealed class XmppElementTests
{
    private static readonly XmlName Name = new("urn:a", "a");

    [Theory]
    [InlineData("<a/>", "", 0, 0)]
    [InlineData("<a>x</a>", "x", 0, 1)]
    [InlineData("<a><b/></a>", "", 1, 1)]
    [InlineData("<a>x<b>no</b>y<c/><d/>z</a>", "xyz", 3, 6)]
    [InlineData("<a> <b/> </a>", "  ", 1, 3)]
    public void Content_is_seen_as_texts_and_elements(string xml, string text, int elements, int nodes)
    {
        var element = XmppElement.Parse(xml);
        Assert.Equal(text, element.Text);
        Assert.Equal(elements, element.Elements.ToArray().Length);
        Assert.Equal(nodes, element.Content.Length);
    }

    [Fact]
    public void Attributes_and_children_are_found_by_whole_names()
    {
        var element = XmppElement.Parse("<a xmlns='u' xmlns:p='v' p:b='1' b='2' xml:lang='en'><b xmlns=''/><p:b/><b>x</b><b>y</b></a>");
        Assert.Equal("2", element.Attribute("b"));
        Assert.Equal("1", element.Attribute(new XmlName("v", "b")));
        Assert.Null(element.Attribute(new XmlName("u", "b")));
        Assert.Null(element.Attribute("lang"));
        Assert.Equal("en", element.Language);
        Assert.Equal("x", element.Element(new XmlName("u", "b"))!.Text);
        Assert.Null(element.Element(new XmlName("u", "c")));
    }

    [Fact]
    public void One_name_cannot_be_given_to_two_attributes()
    {
        var b = new XmlAttribute("b", "1");
        Assert.Throws<ArgumentException>(() => new XmppElement(Name, [b, new XmlAttribute("c", "2"), b]));
        Assert.Equal("<a xmlns='urn:a' b='1' xmlns:ns0='u' ns0:b='1'/>", new XmppElement(
            Name, [b, new XmlAttribute(new XmlName("u", "b"), "1")]).ToString());
    }

    [Fact]
    public void Namespace_declarations_are_not_attributes()
    {
        Assert.Throws<ArgumentException>(() => new XmppElement(Name, [new XmlAttribute("xmlns", "urn:b")]));
        Assert.Throws<ArgumentException>(() => new XmppElement(
            Name, [new XmlAttribute(new XmlName("http://www.w3.org/2000/xmlns/", "b"), "urn:b")]));
    }

    [Fact]
    public void What_was_handed_over_cannot_be_changed()
    {
        XmlAttribute[] attributes = [new("b", "1")];
        XmlNode[] content = ["x", new XmppElement(Name)];
        var element = new XmppElement(Name, attributes, content);
        attributes[0] = new XmlAttribute("c", "2");
        content[0] = "y";
        Assert.Equal("<a xmlns='urn:a' b='1'>x<a/></a>", element.ToString());
    }

    [Fact]
    public void An_element_of_what_writes_is_read_from_it()
    {
        var message = new Message { Body = "<hi>" };
        Assert.Equal("<message xmlns='jabber:client'><body>&lt;hi&gt;</body></message>", XmppElement.From(message).ToString());
        var element = new XmppElement(Name);
        Assert.Same(element, XmppElement.From(element));
    }
}
