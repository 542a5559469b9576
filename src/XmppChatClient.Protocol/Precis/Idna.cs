namespace XmppChatClient.Precis;

public static class Idna
{
    public static string ToAscii(string domain) => domain;
}
