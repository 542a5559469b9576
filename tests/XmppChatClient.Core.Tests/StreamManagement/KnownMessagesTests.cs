using XmppChatClient.StreamManagement;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class KnownMessagesTests
{
    private readonly KnownMessages _known = new();

    [Fact]
    public void Message_with_an_id_of_its_own_is_known_however_often_it_comes()
    {
        _known.Add([Archived(1)]);
        Assert.True(_known.Contains(Archived(1)));
        Assert.True(_known.Contains(Archived(1)));
        Assert.False(_known.Contains(Archived(2)));
    }

    [Fact]
    public void Number_is_known_once()
    {
        _known.Add([Numbered(1)]);
        Assert.True(_known.Contains(Numbered(1)));
        Assert.False(_known.Contains(Numbered(1)));
    }

    [Fact]
    public void Oldest_of_10000_make_room_for_those_of_the_last_session()
    {
        _known.Add([.. Enumerable.Range(0, 10_000).Select(Archived)]);
        _known.Add([Archived(0), Archived(10_000)]);
        Assert.True(_known.Contains(Archived(0)));
        Assert.False(_known.Contains(Archived(1)));
        Assert.True(_known.Contains(Archived(2)));
        Assert.True(_known.Contains(Archived(10_000)));
    }

    [Fact]
    public void Last_session_is_known_whole()
    {
        _known.Add([Archived(0)]);
        _known.Add([.. Enumerable.Range(1, 12_000).Select(Archived)]);
        Assert.False(_known.Contains(Archived(0)));
        Assert.All(Enumerable.Range(1, 12_000), i => Assert.True(_known.Contains(Archived(i))));
    }

    private static MessageKey Archived(int id) => new(null, null, null, $"{id}");

    private static MessageKey Numbered(int id) => new(null, $"{id}", null, null);
}
