namespace XmppChatClient;

/// <summary>How messages are handed to handlers.</summary>
public sealed class DispatchOptions
{
    /// <summary>How many conversations are handled at once. Default 64; at least 1. Size it by what handlers wait for.
    /// </summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>How many messages may be with handlers or wait for one, before the client's inbox fills instead. Default
    /// 1,024; at least <see cref="Concurrency"/>.</summary>
    public int Capacity { get; set; } = 1024;

    /// <summary>How long handlers that run when the host stops may go on. Default 2 s; zero does not wait.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What the sender of a message is told when a handler throws at it. Default <see langword="null"/>: nothing.
    /// </summary>
    public string? FailureReply { get; set; }
}
