using System.Collections.Frozen;
using XmppChatClient.Streams;

namespace XmppChatClient.Fuzz;

/// <summary>Every way in which our reader may differ from <see cref="System.Xml.XmlReader"/>, which is set to prohibit
/// document types. Whatever else differs is a bug.</summary>
internal static class KnownDifferences
{
    /// <summary>What the platform takes and we refuse, with the answer we must give.</summary>
    public static FrozenDictionary<XmlPeculiarity, StreamErrorCondition[]> Refused { get; } =
        new Dictionary<XmlPeculiarity, StreamErrorCondition[]>
        {
            // RFC 6120 §11.1. The reader says so at the first bytes, before the rest could be wrong in another way.
            [XmlPeculiarity.Comment] = [StreamErrorCondition.RestrictedXml, StreamErrorCondition.BadFormat],
            [XmlPeculiarity.ProcessingInstruction] = [StreamErrorCondition.RestrictedXml],

            // RFC 6120 §11.5: only at the front of a stream. An element that stands alone has none.
            [XmlPeculiarity.XmlDeclaration] = [StreamErrorCondition.RestrictedXml],

            // RFC 6120 §11.6: UTF-8 only. The platform decodes what the declaration names, and UTF-16 by its first bytes.
            [XmlPeculiarity.OtherEncoding] = [StreamErrorCondition.UnsupportedEncoding, StreamErrorCondition.NotWellFormed],

            // RFC 6120 §11.6 has no byte order mark, and in UTF-8 there is no order to mark.
            [XmlPeculiarity.ByteOrderMark] = [StreamErrorCondition.NotWellFormed, StreamErrorCondition.BadFormat],

            // Behind the element the platform passes by a character of which the last bytes are missing.
            [XmlPeculiarity.CutCharacter] = [StreamErrorCondition.BadFormat],

            // A reference of more than 32 bytes is nothing but leading zeros: a length without a limit helps nobody honest.
            [XmlPeculiarity.LongReference] = [StreamErrorCondition.NotWellFormed],

            // XML 1.0 §2.8 knows the versions 1.0 and, since the fifth edition, 1.x; the platform takes 1.0 with anything behind.
            [XmlPeculiarity.OtherVersion] = [StreamErrorCondition.NotWellFormed],

            // Namespaces in XML §3 keeps the prefix xmlns from elements; the platform does not.
            [XmlPeculiarity.ElementOfPrefixXmlns] = [StreamErrorCondition.BadNamespacePrefix],

            // RFC 6120 §13.12: our limits, which the platform does not have.
            [XmlPeculiarity.TooDeep] = [StreamErrorCondition.PolicyViolation],
            [XmlPeculiarity.TooManyAttributes] = [StreamErrorCondition.PolicyViolation],
            [XmlPeculiarity.TooManyElements] = [StreamErrorCondition.PolicyViolation],

            // RFC 6120 §4.6.1: between stanzas there is whitespace and nothing else.
            [XmlPeculiarity.TextBetweenStanzas] = [StreamErrorCondition.BadFormat],

            // RFC 6120 §4.2: a stream is opened and closed; one that is empty cannot be spoken on.
            [XmlPeculiarity.EmptyStream] = [StreamErrorCondition.NotWellFormed],
        }.ToFrozenDictionary();

    /// <summary>What the platform refuses and we take. There is one more, which <see cref="ReaderComparison"/> translates:
    /// XML 1.0 (fifth edition) §2.3 opened names to most characters, and the platform stayed with the fourth.</summary>
    public static FrozenSet<XmlPeculiarity> Taken { get; } =
    [
        // What follows a closed stream is not read (RFC 6120 §4.4); the platform looks for the document's end.
        XmlPeculiarity.AfterTheStream,

        // XML 1.0 §2.10: a value of xml:space other than two is an error, but not a fatal one; the platform stops at it.
        XmlPeculiarity.SpaceAttribute,
    ];
}
