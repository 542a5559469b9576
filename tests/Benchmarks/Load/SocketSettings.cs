namespace Benchmarks.Load;

/// <summary>How this process's sockets work.</summary>
internal static class SocketSettings
{
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has what waits for a socket go on in the thread that waits for all of them, as in one epoll loop: no message
    /// of the driver's waits for the thread pool. To be called before the first socket is made; not for the bots.</summary>
    public static void UseInlineCompletions() => Environment.SetEnvironmentVariable(InlineCompletions, "1");
}
