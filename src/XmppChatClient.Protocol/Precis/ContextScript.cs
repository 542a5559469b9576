namespace XmppChatClient.Precis;

/// <summary>The scripts that RFC 5892 appendix A tells apart. The numbers are those in the table.</summary>
internal enum ContextScript
{
    Other = 0,
    Greek = 1,
    Hebrew = 2,
    HiraganaKatakanaOrHan = 3,
}
