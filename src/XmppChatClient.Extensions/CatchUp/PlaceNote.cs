using System.Globalization;
using XmppChatClient.Archive;

namespace XmppChatClient.CatchUp;

/// <summary>A place in an archive, as a client notes it for a later process.</summary>
internal static class PlaceNote
{
    public static string Write(ArchivePlace place) => string.Create(CultureInfo.InvariantCulture, $"{place.At:O} {place.Id}");

    /// <returns><see langword="null"/> for no note, and for one that is none of ours.</returns>
    public static ArchivePlace? Read(string? note) =>
        note?.IndexOf(' ', StringComparison.Ordinal) is { } end and > 0
        && DateTimeOffset.TryParseExact(
            note.AsSpan(0, end), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new ArchivePlace(note[(end + 1)..], at) : null;
}
