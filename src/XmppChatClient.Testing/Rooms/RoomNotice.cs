using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>What presence in a room says beside who it is: why it came or went.</summary>
internal sealed record RoomNotice
{
    public static RoomNotice Nothing { get; } = new();

    /// <summary>Status codes for all.</summary>
    public IReadOnlyList<int> Codes { get; init; } = [];

    /// <summary>Status codes for the occupant itself. 110 is there anyway.</summary>
    public IReadOnlyList<int> OwnCodes { get; init; } = [];

    /// <summary>The nickname it goes on with.</summary>
    public string? NewNick { get; init; }

    /// <summary>The nickname of who made it so.</summary>
    public string? Actor { get; init; }

    public string? Reason { get; init; }

    /// <summary>The <c>destroy</c> element when the room is no more.</summary>
    public XmppElement? Destroy { get; init; }
}
