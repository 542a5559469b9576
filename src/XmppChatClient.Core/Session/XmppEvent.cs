using XmppChatClient.StreamManagement;

namespace XmppChatClient;

/// <summary>Something that happened, in the order in which it did. The counterpart of a callback for those who pull.</summary>
public abstract record XmppEvent
{
    private protected XmppEvent()
    {
    }

    internal PendingStanza? Pending { get; init; }

    /// <summary>Says that this has been dealt with, so that it need not be handed out again: the server may forget it, and the
    /// store, if there is one. Only means something with <see cref="AcknowledgeMode.AfterHandling"/> or an
    /// <see cref="XmppClientOptions.Store"/>, and there for each message and presence read.</summary>
    public void MarkHandled() => _ = HandleAsync();

    /// <summary>As <see cref="MarkHandled"/>, and waits until that is kept in the store. Who does so before going on to the next
    /// message handles none twice but the one that was being handled when the process was killed.</summary>
    /// <exception cref="XmppStoreException">It cannot be kept; the client ends.</exception>
    public ValueTask MarkHandledAsync() => new(HandleAsync());

    private Task HandleAsync()
    {
        var kept = Pending?.HandleAsync() ?? Task.CompletedTask;
        TellHandled();
        return kept;
    }

    private protected virtual void TellHandled()
    {
    }
}

/// <summary>We are online: authenticated, bound and, if so configured, present.</summary>
/// <param name="Jid">The full address we were given.</param>
/// <param name="Resumed">Whether this goes on with the session there was before the connection was lost.</param>
public sealed record SessionStarted(Jid Jid, bool Resumed) : XmppEvent;

/// <summary>A message came.</summary>
public sealed record MessageReceived(Message Message) : XmppEvent
{
    private Action<Message>? _handled;

    /// <summary>Called once, when the message is dealt with.</summary>
    internal Action<Message>? Handled
    {
        init => _handled = value;
    }

    private protected override void TellHandled() => Interlocked.Exchange(ref _handled, null)?.Invoke(Message);
}

/// <summary>Another client of our account has sent a message, or got one, and the server has sent us a copy: as a module tells that
/// knows such copies (<see cref="Modules.ModuleBuilder.OnCopy"/>). Not ours to answer: whoever got it does that.</summary>
/// <param name="Message">As it was sent. Its sender and receiver are the server's word.</param>
/// <param name="IsSent">Whether our account has sent it.</param>
public sealed record CopyReceived(Message Message, bool IsSent) : XmppEvent
{
    /// <summary>With whom that other client talks.</summary>
    public Jid? Peer => IsSent ? Message.To : Message.From;
}

/// <summary>A presence or subscription request came.</summary>
public sealed record PresenceReceived(Presence Presence) : XmppEvent;

/// <summary>A session ended: the end of its stream, or a connection that could not be made.</summary>
/// <param name="Reason">Why, for a program.</param>
/// <param name="Error">Why, in full; <see langword="null"/> when we closed the stream ourselves.</param>
/// <param name="RetryIn">When the next attempt begins: zero when the server sends us elsewhere, sooner than it says when the
/// network changes meanwhile; <see langword="null"/> when there will be none.</param>
public sealed record SessionEnded(SessionEndReason Reason, XmppException? Error, TimeSpan? RetryIn) : XmppEvent
{
    /// <summary>Whether the session is asked to go on over the next connection: the <see cref="SessionStarted"/> that follows
    /// says whether it did.</summary>
    public bool MayResume { get; init; }
}
