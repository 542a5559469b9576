namespace XmppChatClient;

/// <summary>How a client is doing at one moment, for whoever watches over it.</summary>
public sealed record ClientStatus
{
    public required SessionState State { get; init; }

    /// <summary>Since when it has been <see cref="SessionState.Online"/>, or has not been, by the clock in the options.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why a connection was last lost, or could not be made; <see langword="null"/> when none was. It stays when the
    /// next one is made.</summary>
    public XmppException? LastError { get; init; }

    /// <summary>How long nothing has come from the server; <see langword="null"/> before the first session.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>How many stanzas were sent, or wait to be, and are not acknowledged. 0 without stream management.</summary>
    public required int Unacknowledged { get; init; }

    /// <summary>How long the server has been asked what it has, and has not answered; <see langword="null"/> when it owes no
    /// answer.</summary>
    public TimeSpan? AnswerAwaited { get; init; }

    /// <summary>How many events wait to be read.</summary>
    public required int Inbox { get; init; }

    /// <summary>Whether nothing more is taken from the server before some of them are (<see cref="LimitOptions.Inbox"/>).
    /// </summary>
    public required bool IsInboxFull { get; init; }
}
