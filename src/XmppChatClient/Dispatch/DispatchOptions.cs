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

    /// <summary>How long handlers that run when the host stops may go on before they are cancelled and the stream is closed;
    /// and after that, how long those may take who are told of the session's end. Default 2 s; zero does not
    /// wait; less than 24 days.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What the sender of a message with a body is told when a handler throws at it. Default
    /// <see langword="null"/>: nothing.</summary>
    public string? FailureReply { get; set; }

    /// <summary>How many replies of handlers, ours and others' of this kind, may follow on one another before the next one is
    /// not sent, so that two bots do not answer each other for ever. Default 10; zero marks and holds back nothing. A handler
    /// that answers with <see cref="XmppClient.SendAsync(Jid, string, CancellationToken)"/> is not counted.</summary>
    public int ReplyChain { get; set; } = 10;

    /// <summary>Checks that the options can be used.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message begins with its name as configuration writes it,
    /// such as <c>Dispatch:Capacity</c>.</exception>
    public void Validate()
    {
        Require(Concurrency >= 1, "Dispatch:Concurrency must be at least 1.");
        Require(Capacity >= Concurrency, $"Dispatch:Capacity must be at least Dispatch:Concurrency, which is {Concurrency}.");

        Require(ReplyChain is >= 0 and <= 1_000, "Dispatch:ReplyChain must be 0 to 1000.");

        // No timer of the platform takes more than 24 days and some hours.
        Require(
            StopTimeout >= TimeSpan.Zero && StopTimeout < TimeSpan.FromDays(24),
            "Dispatch:StopTimeout must be zero or more and less than 24 days.");
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException(problem);
        }
    }
}
