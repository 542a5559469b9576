using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Capabilities;
using XmppChatClient.Disco;

namespace XmppChatClient.Extensions.Tests;

// XEP-0115 v1.6.0 §5
public sealed class CapabilitiesHashTests
{
    private const string Simple =
        "<identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>";

    private const string Complex =
        "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/><identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field><field var='ip_version'><value>ipv4</value><value>ipv6</value></field><field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>";

    // §5.2 and §5.3
    [Theory]
    [InlineData(Simple, "QgayPKawpkPSDYmwT/WM94uAlu0=")]
    [InlineData(Complex, "q07IKJEyjvHSyhy//CH0CxmKi8w=")]
    public void Hash_is_that_of_the_specification(string info, string hash) => Assert.Equal(hash, CapabilitiesHash.Compute(Info(info), "sha-1"));

    // §5.1 sorts by octets: UTF-16 has U+1F600 before U+E000, UTF-8 after it; and "/" is more than "-".
    [Theory]
    [InlineData("<feature var='&#x1F600;'/><feature var='&#xE000;'/>", "\uE000<\U0001F600<")]
    [InlineData("<identity category='a-b' type='t'/><identity category='a' type='t'/>", "a/t//<a-b/t//<")]
    [InlineData("<identity category='a' type='t-u'/><identity category='a' type='t' xml:lang='en' name='n'/>", "a/t/en/n<a/t-u//<")]
    [InlineData("<feature var='a&lt;b'/>", "a&lt;b<")]
    [InlineData(
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>f</value></field><field var='&#x1F600;'><value>1</value></field><field var='&#xE000;'><value>2</value></field></x>",
        "f<\uE000<2<\U0001F600<1<")]
    [InlineData(
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>f</value></field><field var='v'><value>&#x1F600;</value><value>&#xE000;</value></field></x>",
        "f<v<\uE000<\U0001F600<")]
    [InlineData(
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>&#x1F600;</value></field></x><x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>&#xE000;</value></field></x>",
        "\uE000<\U0001F600<")]
    public void What_is_hashed_is_sorted_by_octets(string info, string hashed) => Assert.Equal(
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(hashed))), CapabilitiesHash.Compute(Info(info), "sha-256"));

    // §5.4, rules 3.3 to 3.5
    [Theory]
    [InlineData("<feature var='a'/><feature var='a'/>")]
    [InlineData("<identity category='a' type='t'/><identity category='a' type='t'/>")]
    [InlineData("<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>a</value><value>b</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>a</value></field></x><x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>a</value></field></x>")]
    public void Ill_formed_answer_has_no_hash(string info) => Assert.Null(CapabilitiesHash.Compute(Info(info), "sha-1"));

    // §5.4, rule 3.6
    [Theory]
    [InlineData("<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>a</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data'><field var='os'><value>Mac</value></field></x>")]
    public void Form_without_hidden_type_is_left_out(string form) =>
        Assert.Equal("QgayPKawpkPSDYmwT/WM94uAlu0=", CapabilitiesHash.Compute(Info(Simple + form), "sha-1"));

    [Theory]
    [InlineData("sha-512", true)]
    [InlineData("md5", false)]
    [InlineData("", false)]
    public void Unknown_function_gives_no_hash(string hash, bool known) =>
        Assert.Equal(known, CapabilitiesHash.Compute(Info(Simple), hash) is not null);

    private static DiscoInfo Info(string content) =>
        Wire.Read<DiscoInfo>($"<query xmlns='http://jabber.org/protocol/disco#info'>{content}</query>")!;
}
