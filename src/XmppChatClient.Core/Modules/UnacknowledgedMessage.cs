namespace XmppChatClient.Modules;

/// <summary>A message that a lost session left: it was written, and never acknowledged.</summary>
public sealed class UnacknowledgedMessage
{
    /// <param name="message">As it was sent.</param>
    /// <param name="sentAt">When.</param>
    public UnacknowledgedMessage(Message message, DateTimeOffset sentAt)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message = message;
        SentAt = sentAt;
    }

    /// <summary>As it was sent, with its id.</summary>
    public Message Message { get; }

    /// <summary>When it was sent, by this client's clock; written then, or later.</summary>
    public DateTimeOffset SentAt { get; }

    /// <summary>The message with a body that the server has acknowledged last: it was sent before this one, as all that is looked
    /// for. <see langword="null"/> when there is none that this process knows.</summary>
    public Message? LastAcknowledged { get; init; }

    /// <summary>Whether it has arrived. What has not is sent again, so <see langword="false"/> must be certain. Default
    /// <see langword="null"/>, nobody can tell: <see cref="StreamManagementOptions.ResendOnLostSession"/> decides.</summary>
    public bool? HasArrived { get; set; }
}
