using System.Runtime.CompilerServices;

namespace XmppChatClient.Xml;

/// <summary>A cache's places, found by hash, one item each. Few at first, as an idle session needs no more; four times as many
/// when items have been displaced as often as there are places, up to a limit: so a peer cannot make it grow for ever.
/// </summary>
internal struct Places<T>
{
    private const int SmallestBits = 2;
    private const int LargestBits = 10;

    // In a struct of its own: a reference into an array of classes costs a check of its type each time.
    private Place[] _items;
    private int _bits;
    private int _displaced;

    public Places()
    {
        _bits = SmallestBits;
        _items = new Place[1 << _bits];
    }

    public readonly ref T this[ulong hash] => ref _items[(int)(hash >> (64 - _bits))].Item;

    /// <summary>Says that an item is about to take another one's place; ask for its own anew after that.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Displaced()
    {
        if (++_displaced > _items.Length && _bits < LargestBits)
        {
            _bits += 2;
            _displaced = 0;
            _items = new Place[1 << _bits];
        }
    }

    private struct Place
    {
        public T Item;
    }
}
