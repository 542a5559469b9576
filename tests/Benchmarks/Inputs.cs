using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>What is read: stanzas as servers send them.</summary>
internal static class Inputs
{
    public const string StreamStart =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        + "id='s1' from='example.test' version='1.0' xml:lang='en'>";

    public const string StreamEnd = "</stream:stream>";

    /// <summary>274 bytes: a chat message with an origin-id (XEP-0359) and a chat state (XEP-0085).</summary>
    public const string ChatMessage =
        "<message from='juliet@capulet.example/balcony' to='romeo@montague.example/orchard' type='chat' id='e4b8c0d2a7'>"
        + "<body>Wherefore art thou Romeo, Romeo?</body><origin-id xmlns='urn:xmpp:sid:0' id='e4b8c0d2a7'/>"
        + "<active xmlns='http://jabber.org/protocol/chatstates'/></message>";

    public const string RoomPresence =
        "<presence from='coven@chat.shakespeare.example/thirdwitch' to='crone1@shakespeare.example/desktop'>"
        + "<show>away</show><status>brewing</status>"
        + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://example.test' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
        + "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' jid='hag66@shakespeare.example/pda' "
        + "role='participant'/><status code='110'/></x></presence>";

    /// <summary>The answer to a request for a roster of 1,000 contacts.</summary>
    public static string Roster { get; } = MakeRoster(1000);

    /// <summary>A whole stream of so many copies of a stanza.</summary>
    public static byte[] Stream(string stanza, int count) =>
        Encoding.UTF8.GetBytes(StreamStart + string.Concat(Enumerable.Repeat(stanza, count)) + StreamEnd);

    private static string MakeRoster(int items)
    {
        var text = new StringBuilder("<iq type='result' id='r1' to='romeo@montague.example/orchard'>")
            .Append("<query xmlns='jabber:iq:roster' ver='ver7'>");
        for (var i = 0; i < items; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<item jid='contact{i}@montague.example' name='Contact No. {i}' subscription='both'><group>Group {i % 10}</group></item>");
        }

        return text.Append("</query></iq>").ToString();
    }
}
