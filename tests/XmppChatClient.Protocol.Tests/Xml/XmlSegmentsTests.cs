using System.Buffers;
using System.Text;
using XmppChatClient.Fuzz;

namespace XmppChatClient.Tests.Xml;

public sealed class XmlSegmentsTests
{
    private const string Login =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        + " \n<message from='a@b' type=\"chat\"><body>h&#xE4;&lt;<![CDATA[<x>]]>ü🎉</body><active xmlns='urn:x'/></message>\t<presence/></stream:stream>";

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Login);

    private static readonly XmlReading Expected = new(
        [
            "<http://etherx.jabber.org/streams|stream |version=3:1.0>",
            "<jabber:client|message |from=3:a@b |type=4:chat<jabber:client|body 9:hä<<x>ü🎉><urn:x|active>>",
            "<jabber:client|presence>",
        ],
        XmlReadingEnd.Closed,
        Taken: Bytes.Length);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 0, 22)]
    [InlineData(22, 22)]
    [InlineData(22, 22, 22)]
    [InlineData(121, 122, 122, 123, 123)]
    [InlineData(140, 140)]
    public void Empty_segments_end(params int[] cuts)
    {
        var empty = ReadOnlyMemory<byte>.Empty;
        IEnumerable<ReadOnlyMemory<byte>> pieces = [empty, .. Segments.Cut(Bytes, cuts), empty, empty];
        Assert.Equal(Expected, OurReading.OfStream(Segments.Of(pieces)));
        Assert.Equal(Expected, OurReading.OfPieces(pieces));
    }

    [Fact]
    public void Every_place_of_one_cut_equals_none()
    {
        Assert.Equal(Expected, OurReading.OfStream(new ReadOnlySequence<byte>(Bytes)));
        Assert.All(Enumerable.Range(0, Bytes.Length + 1), at =>
        {
            Assert.Equal(Expected, OurReading.OfStream(Segments.Of(Segments.Cut(Bytes, [at]))));
            Assert.Equal(Expected, OurReading.OfPieces(Segments.Cut(Bytes, [at])));
        });
    }

    [Fact]
    public void Byte_by_byte_equals_whole() =>
        Assert.Equal(Expected, OurReading.OfPieces(Segments.Cut(Bytes, Enumerable.Range(0, Bytes.Length))));
}
