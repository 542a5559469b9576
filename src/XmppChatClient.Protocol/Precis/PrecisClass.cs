namespace XmppChatClient.Precis;

/// <summary>The derived property of RFC 8264 §8. The numbers are those in the table.</summary>
internal enum PrecisClass
{
    Disallowed = 0,
    Valid = 1,
    FreeformOnly = 2,
    ContextJ = 3,
    ContextO = 4,
}
