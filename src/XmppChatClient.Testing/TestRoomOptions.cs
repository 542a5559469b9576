namespace XmppChatClient.Testing;

/// <summary>How a room is set up (XEP-0045 v1.35.1 §10.2).</summary>
public sealed record TestRoomOptions
{
    /// <summary>Its name for people. Default none.</summary>
    public string? Title { get; init; }

    /// <summary>What it is about. Default nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Who may configure and destroy it, and is a moderator in it, by bare address. Default nobody.</summary>
    public IReadOnlyList<Jid> Owners { get; init; } = [];

    /// <summary>Whether it stays when the last one leaves. Default <see langword="true"/>; rooms that users make are not
    /// kept.</summary>
    public bool IsPersistent { get; init; } = true;

    /// <summary>Whether service discovery lists it. Default <see langword="true"/>.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>Whether only owners, admins and members may enter. Default <see langword="false"/>.</summary>
    public bool IsMembersOnly { get; init; }

    /// <summary>Whether who has no affiliation enters without voice. Default <see langword="false"/>.</summary>
    public bool IsModerated { get; init; }

    /// <summary>Whether everybody sees the real addresses of all; otherwise moderators do. Default
    /// <see langword="false"/>.</summary>
    public bool ShowsAddresses { get; init; }

    /// <summary>Whether all with voice may change the subject; otherwise moderators may. Default
    /// <see langword="false"/>.</summary>
    public bool AllowSubjectChange { get; init; }

    /// <summary>What one must know to enter. Default nothing.</summary>
    public string? Password { get; init; }

    /// <summary>How many nicknames there may be; owners and admins enter all the same. Default no limit.</summary>
    public int? MaxOccupants { get; init; }

    /// <summary>How many of the last messages who enters may get. Default 20.</summary>
    public int HistoryLength { get; init; } = 20;
}
