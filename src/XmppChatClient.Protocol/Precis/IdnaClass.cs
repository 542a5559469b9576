namespace XmppChatClient.Precis;

/// <summary>The derived property of RFC 5892 §3. The numbers are those in the table.</summary>
internal enum IdnaClass
{
    Disallowed = 0,
    Valid = 1,
    ContextJ = 2,
    ContextO = 3,
}
