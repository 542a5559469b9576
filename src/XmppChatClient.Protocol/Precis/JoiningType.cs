namespace XmppChatClient.Precis;

/// <summary>The types that RFC 5892 appendix A.1 tells apart. The numbers are those in the table.</summary>
internal enum JoiningType
{
    Other = 0,
    LeftJoining = 1,
    RightJoining = 2,
    DualJoining = 3,
    Transparent = 4,
}
