using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>What carries a <see cref="ScriptedServer"/>'s bytes: here nothing, they stay in memory. The tests of another
/// network stack put their own in this place.</summary>
internal static class Carrier
{
    public static IStreamDialer Of(IStreamDialer server) => server;
}
