using XmppChatClient.Forms;

namespace XmppChatClient.Extensions.Tests;

/// <summary>XEP-0004.</summary>
public sealed class DataFormTests
{
    [Fact]
    public void Form_has_fields_of_every_kind()
    {
        var form = Wire.BothWays<DataForm>(
            "<x xmlns='jabber:x:data' type='form'><title>Bot Configuration</title><instructions>Fill out this form</instructions>"
            + "<field var='FORM_TYPE' type='hidden'><value>jabber:bot</value></field>"
            + "<field type='fixed'><value>Section 1: Bot Info</value></field>"
            + "<field var='botname' type='text-single' label='The name of your bot'><desc>Any.</desc><required/></field>"
            + "<field var='password' type='text-private' label='Password'><required/></field>"
            + "<field var='features' type='list-multi'><value>news</value><value>search</value>"
            + "<option label='Contests'><value>contests</value></option><option><value>news</value></option></field></x>");
        Assert.Equal(("jabber:bot", "Bot Configuration"), (form.FormType, form.Title));
        Assert.Equal(["news", "search"], form.Find("features")!.Values);
        Assert.Equal([new DataFormOption("contests", "Contests"), new DataFormOption("news")], form.Find("features")!.Options);
        Assert.Equal(("Any.", true, null), (form.Find("botname")!.Description, form.Find("botname")!.IsRequired, form.Find("botname")!.Value));
        Assert.Null(form.Find("nothing"));
        Wire.BothWays<DataForm>("<x xmlns='jabber:x:data' type='cancel'/>");
        Wire.BothWays<DataForm>("<x xmlns='jabber:x:data' type='result'/>");
    }

    [Fact]
    public void Submission_holds_what_was_filled_in()
    {
        var form = Wire.Read<DataForm>(
            "<x xmlns='jabber:x:data' type='form'><title>T</title><field type='fixed' var='f'><value>Text</value></field>"
            + "<field type='fixed'><value>Text</value></field><field var='a' label='A' type='text-single'><required/></field>"
            + "<field var='b' type='text-single'/></x>")!;
        Assert.Equal(
            "<x xmlns='jabber:x:data' type='submit'><field var='a' type='text-single'><value>1</value></field>"
            + "<field var='c'><value>2</value><value>3</value></field></x>",
            Xml.XmlStreamWriter.ToText(form.With("a", "1").With("c", "2", "3").Submit()));
    }

    [Theory]
    [InlineData("<x xmlns='jabber:x:data'/>")]
    [InlineData("<x xmlns='jabber:x:data' type='other'/>")]
    public void Form_of_no_known_type_is_none(string xml) => Assert.Null(Wire.Read<DataForm>(xml));
}
