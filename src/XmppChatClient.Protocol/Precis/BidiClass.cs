namespace XmppChatClient.Precis;

/// <summary>The classes that RFC 5893 tells apart. The numbers are those in the table.</summary>
internal enum BidiClass
{
    LeftToRight = 0,
    RightToLeft = 1,
    ArabicLetter = 2,
    ArabicNumber = 3,
    EuropeanNumber = 4,
    EuropeanSeparator = 5,
    CommonSeparator = 6,
    EuropeanTerminator = 7,
    OtherNeutral = 8,
    BoundaryNeutral = 9,
    NonspacingMark = 10,
    Other = 11,
}
