using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>
/// Makes records of different servers comparable: what must differ from run to run becomes a placeholder, numbered in order
/// of appearance, and what a specification leaves to the server goes. Nothing else is hidden here: differences that matter
/// are listed with the scenario.
/// </summary>
internal sealed partial class Normaliser
{
    private const string ConferenceService = "@conference.example.test";

    private static readonly XName Delay = XName.Get("delay", "urn:xmpp:delay");

    private readonly Dictionary<string, string> _placeholders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ownIds = new(StringComparer.Ordinal);
    private bool _asksForVersions;

    public static IReadOnlyList<string> Lines(IReadOnlyList<Entry> record) => new Normaliser().Write(record);

    private List<string> Write(IReadOnlyList<Entry> record)
    {
        foreach (var sent in record.Where(entry => entry.IsSent))
        {
            _ownIds.UnionWith(Ids().Matches(sent.Text!).Select(id => id.Groups[1].Value));
            _asksForVersions |= sent.Text!.Contains("jabber:iq:roster' ver=", StringComparison.Ordinal);
        }

        var lines = new List<string>();
        for (var at = 0; at < record.Count;)
        {
            if (record[at].IsSent)
            {
                lines.Add($"{record[at].Peer.Label} > {SentText(record[at].Text!)}");
                at++;
                continue;
            }

            var peer = record[at].Peer;
            var heard = record.Skip(at).TakeWhile(entry => !entry.IsSent && entry.Peer == peer).ToArray();
            at += heard.Length;
            lines.AddRange(Order(heard.Select(Normalise).ToArray())
                .Where(entry => entry.Element is null || !IsNoise(entry.Element))
                .Select(entry => $"{peer.Label} < {entry.Text ?? Canonical.Write(Placeheld(entry.Element!, peer))}"));
        }

        return lines;
    }

    private string SentText(string text) =>
        _placeholders.Aggregate(text, (sofar, known) => sofar.Replace(known.Key, known.Value, StringComparison.Ordinal));

    // RFC 6120 §10.1 orders what one entity sends to another, and nothing more; RFC 6121 §2.1.5 lets a roster push come before
    // or after the answer to the change.
    // A room speaks as all its occupants, and first says who is there, in any order.
    private static IEnumerable<Entry> Order(Entry[] heard)
    {
        var ordered = heard
            .OrderBy(entry => entry.Element is { } stanza && IsStanza(stanza) ? Sender(stanza) : null, StringComparer.Ordinal)
            .ThenBy(entry => entry.Element is { } stanza && IsRoomsAnswerOrRosterPush(stanza)).ToArray();
        for (var at = 0; at < ordered.Length;)
        {
            var others = ordered.Skip(at).TakeWhile(entry => IsOtherOccupant(entry.Element)).ToArray();
            foreach (var entry in others.OrderBy(entry => entry.Element!.Attribute("from")!.Value, StringComparer.Ordinal))
                yield return entry;
            at += others.Length;
            if (at < ordered.Length)
                yield return ordered[at++];
        }
    }

    private static bool IsRoomsAnswerOrRosterPush(XElement stanza) => stanza.Name == Ns.Client + "iq"
        && (IsFromRoom(stanza) || (stanza.Element(Ns.Roster + "query") is not null && stanza.Attribute("type")?.Value == "set"));

    private static bool IsOtherOccupant(XElement? element) => element?.Name == Ns.Client + "presence" && IsFromRoom(element)
        && element.Element(Ns.RoomUser + "x")?.Elements(Ns.RoomUser + "status").Any(status => status.Attribute("code")?.Value == "110") == false;

    private static bool IsFromRoom(XElement stanza) =>
        stanza.Attribute("from")?.Value.Contains(ConferenceService, StringComparison.Ordinal) == true;

    private static string? Sender(XElement stanza) =>
        IsFromRoom(stanza) ? stanza.Attribute("from")!.Value.Split('/')[0] : stanza.Attribute("from")?.Value;

    private static bool IsNoise(XElement element) =>
        // A server asks for acknowledgements whenever it likes (XEP-0198 §4).
        element.Name == Ns.StreamManagement + "r"
        // In ejabberd a room has presence of its own, with the capabilities that disco tells.
        || (element.Name == Ns.Client + "presence" && element.Attribute("from")?.Value.EndsWith(ConferenceService, StringComparison.Ordinal) == true
            && element.Attribute("type")?.Value != "error");

    private Entry Normalise(Entry entry)
    {
        if (entry.Element is null)
            return entry;
        var element = new XElement(entry.Element);
        foreach (var stanza in element.DescendantsAndSelf().Where(IsStanza).ToArray())
            NormaliseStanza(stanza);
        LeaveOutWhatGoesWithoutSaying(element, entry.Peer);
        LeaveOutWhatServersAdd(element);

        // Versions are of no use to who does not ask for them (RFC 6121 §2.6).
        if (!_asksForVersions)
            element.Elements(Ns.Roster + "query").Attributes("ver").Remove();
        Sort(element);
        return entry with { Element = element };
    }

    private void NormaliseStanza(XElement stanza)
    {
        // The language of the server's own choice (RFC 6120 §8.1.5).
        stanza.SetAttributeValue(XNamespace.Xml + "lang", null);

        // What the server made up: required of an IQ, optional elsewhere (RFC 6120 §8.1.3).
        if (stanza.Attribute("id") is { } id && !_ownIds.Contains(id.Value))
        {
            if (stanza.Name == Ns.Client + "iq")
                id.Value = "{id}";
            else
                id.Remove();
        }

        // The default (RFC 6121 §5.2.2).
        if (stanza.Name == Ns.Client + "message" && stanza.Attribute("type") is { Value: "normal" } type)
            type.Remove();

        if (stanza.Attribute("type")?.Value != "error")
            return;
        // An error may or may not carry what it answers, words for people, who found it, or the code of former days
        // (RFC 6120 §8.3.1, §8.3.2; XEP-0086).
        stanza.Elements().Where(child => child.Name != Ns.Client + "error").Remove();
        foreach (var error in stanza.Elements())
        {
            error.Attributes().Where(attribute => attribute.Name != "type").Remove();
        }
    }

    private static void LeaveOutWhatGoesWithoutSaying(XElement element, Peer peer)
    {
        // No sender is our own account, and no addressee is ourselves (RFC 6120 §8.1.1.1, §8.1.2.1).
        if (element.Attribute("from")?.Value == $"{peer.Account}@example.test")
            element.SetAttributeValue("from", null);
        // Presence may name the account only (RFC 6121 §4.2.2).
        var to = element.Attribute("to")?.Value;
        if (to == peer.Jid || (element.Name == Ns.Client + "presence" && to == $"{peer.Account}@example.test"))
            element.SetAttributeValue("to", null);
    }

    private static void LeaveOutWhatServersAdd(XElement element)
    {
        element.Descendants().Where(child =>
            // ejabberd adds the hash of an avatar that nobody has to every presence (XEP-0153).
            child.Name == XName.Get("x", "vcard-temp:x:update")
            // Prosody tells occupants apart beyond their nicks (XEP-0421).
            || child.Name == XName.Get("occupant-id", "urn:xmpp:occupant-id:0")
            // When presence was sent that is shown later: Prosody says it, ejabberd sometimes (XEP-0203).
            || (child.Name == Delay && child.Parent!.Name == Ns.Client + "presence")
            // ejabberd's name for the id in the archive before XEP-0359 was.
            || child.Name == XName.Get("archived", "urn:xmpp:mam:tmp")
            // Words for people in errors of all kinds.
            || child.Name == Ns.Stanzas + "text"
            || child.Name == Ns.StreamErrors + "text"
            || child.Name == Ns.Sasl + "text"
            || child.Name == Ns.Sasl2 + "text").ToArray().Remove();

        // A result of the archive is named by its own id.
        element.Elements(Ns.Archive + "result").Descendants(Ns.StanzaIds + "stanza-id").ToArray().Remove();

        // Who did it is optional (XEP-0045 §8.2).
        element.Descendants(Ns.RoomUser + "actor").ToArray().Remove();

        // The default (XEP-0313 §4.3).
        foreach (var complete in element.Elements(Ns.Archive + "fin").Attributes("complete").Where(a => a.Value == "false").ToArray())
            complete.Remove();

        // Who delayed it, and words about why, are optional (XEP-0203).
        foreach (var delay in element.Descendants(Delay))
        {
            delay.SetAttributeValue("from", null);
            delay.RemoveNodes();
        }
    }

    // The order of these says nothing; of everything else it stays.
    private static void Sort(XElement element)
    {
        foreach (var parent in element.DescendantsAndSelf().ToArray())
        {
            if (IsStanza(parent) || parent.Name == Ns.Streams + "features" || parent.Name == Ns.Sasl + "mechanisms"
                || parent.Name == Ns.Sasl2 + "authentication" || parent.Name == Ns.Sasl2 + "inline" || parent.Name == Ns.Sasl2 + "success" || parent.Name == Ns.Fast + "fast"
                || parent.Name == Ns.DiscoInfo + "query" || parent.Name == Ns.Roster + "query" || parent.Name == Ns.Roster + "item"
                || parent.Name == Ns.RoomUser + "x" || parent.Name == Ns.RoomUser + "item" || parent.Name == Ns.Forward + "forwarded"
                || parent.Name == Ns.ResultSets + "set" || parent.Name == Ns.RoomAdmin + "query")
            {
                parent.ReplaceNodes(parent.Elements().OrderBy(child => child.Name.LocalName + Canonical.Write(child), StringComparer.Ordinal).ToArray());
            }
        }
    }

    private XElement Placeheld(XElement element, Peer peer)
    {
        foreach (var part in element.DescendantsAndSelf())
        {
            foreach (var attribute in part.Attributes())
                attribute.Value = Placeheld(part, attribute);
            if (part.FirstNode is XText text && part.Nodes().Count() == 1)
                text.Value = Placeheld(part, text.Value, peer);
        }

        return element;
    }

    private string Placeheld(XElement part, XAttribute attribute) => (part.Name.LocalName, attribute.Name.LocalName) switch
    {
        ("stanza-id" or "result" or "archived", "id") => Placeholder("archived", attribute.Value),
        ("enabled", "id") or ("resumed" or "resume", "previd") => Placeholder("session", attribute.Value),
        ("enabled", "max") => "{seconds}",
        ("enabled", "resume") when attribute.Value == "1" => "true",
        ("token", "token") => "{token}",
        ("stream", "id") => "{stream}",
        ("c", "node") when part.Parent?.Name == Ns.Streams + "features" => "{software}",
        ("c", "ver") when part.Parent?.Name == Ns.Streams + "features" => "{hash}",
        ("query" or "item", "ver") => attribute.Value.Length > 0 ? "{version}" : "",
        _ => IsTime(attribute.Value) ? "{time}" : attribute.Value,
    };

    private string Placeheld(XElement part, string text, Peer peer) => part.Name switch
    {
        var name when name == Ns.ResultSets + "first" || name == Ns.ResultSets + "last" => Placeholder("archived", text),
        var name when name == Ns.Bind + "jid" => text.Split('/')[1] == peer.Resource ? text : text.Split('/')[0] + "/{resource}",
        var name when name == Ns.Sasl2 + "authorization-identifier" => text.Contains('/', StringComparison.Ordinal) ? text.Split('/')[0] + "/{resource}" : text,
        var name when name == Ns.Sasl + "challenge" || name == Ns.Sasl + "success" || name == Ns.Sasl2 + "additional-data" => "{base64}",
        _ => IsTime(text) ? "{time}" : text,
    };

    private string Placeholder(string kind, string value)
    {
        if (value.Length == 0)
            return value;
        if (!_placeholders.TryGetValue(value, out var placeholder))
        {
            placeholder = $"{{{kind}{_placeholders.Values.Count(known => known.StartsWith($"{{{kind}", StringComparison.Ordinal)) + 1}}}";
            _placeholders.Add(value, placeholder);
        }

        return placeholder;
    }

    private static bool IsStanza(XElement element) =>
        element.Name.Namespace == Ns.Client && element.Name.LocalName is "message" or "presence" or "iq";

    // XEP-0082's DateTime; anything else that means a time stays visible as a difference.
    private static bool IsTime(string text) => DateTimes().IsMatch(text);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex DateTimes();

    [GeneratedRegex(@"\bid=['""]([^'""]+)['""]")]
    private static partial Regex Ids();
}
