using System.Collections.Immutable;
using XmppChatClient.Streams;

namespace XmppChatClient.Fuzz;

/// <summary>All that reading some bytes yielded, comparable.</summary>
/// <param name="Items">The items that were whole, as <see cref="CanonicalTree"/> has them.</param>
/// <param name="End">How it ended.</param>
/// <param name="Refusal">The condition, when our own reader refused.</param>
/// <param name="Taken">Where the last item ended, when our own reader read.</param>
internal sealed record XmlReading(
    ImmutableArray<string> Items, XmlReadingEnd End, StreamErrorCondition? Refusal = null, long Taken = 0)
{
    public bool Equals(XmlReading? other) =>
        other is not null && End == other.End && Refusal == other.Refusal && Taken == other.Taken
        && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => HashCode.Combine(Items.Length, End, Refusal, Taken);

    public override string ToString() => $"{End} {Refusal} after {Taken} bytes, [{string.Join(", ", Items)}]";
}
