namespace XmppChatClient.Fuzz;

/// <summary>What XML may have that the platform's reader and ours judge differently; <see cref="KnownDifferences"/> says
/// why.</summary>
internal enum XmlPeculiarity
{
    Comment,
    ProcessingInstruction,
    XmlDeclaration,
    OtherEncoding,
    OtherVersion,
    ByteOrderMark,
    CutCharacter,
    LongReference,
    ElementOfPrefixXmlns,
    TooDeep,
    TooManyAttributes,
    TooManyElements,
    TextBetweenStanzas,
    EmptyStream,
    AfterTheStream,
    SpaceAttribute,
}
