using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

/// <summary>What peers sent, in messages for people.</summary>
public sealed class PeerTextTests
{
    [Theory]
    [InlineData("  two\r\n lines\t", "two lines")]
    [InlineData("\u202Eback\u2028ward\0\ue000", "back ward")]
    [InlineData("ä日🎉", "ä日🎉")]
    [InlineData("tag \U000E0041.", "tag .")]
    public void Text_is_one_line_of_what_can_be_seen(string text, string shown) => Assert.Equal(shown, PeerText.OneLine(text));

    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("x\uFFFDy", PeerText.OneLine("x\ud83cy"));

    [Fact]
    public void Text_is_cut_between_characters()
    {
        var most = new string('x', PeerText.MostShown - 1);
        Assert.Equal(most, PeerText.OneLine(most + "🎉 and more"));
        Assert.Equal(most, PeerText.OneLine([.. System.Text.Encoding.UTF8.GetBytes(most + "🎉 and more")]));
        Assert.Equal("xx", PeerText.OneLine("xx🎉", longest: 3));
    }
}
