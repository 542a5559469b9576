using System.Globalization;
using System.Text;
using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

/// <summary>Unicode's own test of normalisation: a sample, or the whole file that XMPP_NORMALIZATION_TEST names.</summary>
public sealed class NormalizationTests
{
    [Fact]
    public void Form_C_is_that_of_Unicodes_test()
    {
        var rows = 0;
        foreach (var line in File.ReadLines(Source))
        {
            if (line.Length == 0 || line[0] is '#' or '@')
            {
                continue;
            }

            var columns = line.Split(';')[..5].Select(Text).ToArray();
            Assert.All(columns[..3], text => Assert.Equal(columns[1], Nfc.Normalize(text)));
            Assert.All(columns[3..], text => Assert.Equal(columns[3], Nfc.Normalize(text)));
            rows++;
        }

        Assert.InRange(rows, 400, int.MaxValue);
    }

    private static string Source => Environment.GetEnvironmentVariable("XMPP_NORMALIZATION_TEST") is { Length: > 0 } whole
        ? whole
        : Path.Combine(AppContext.BaseDirectory, "NormalizationSample.txt");

    private static string Text(string codePoints) => string.Concat(codePoints.Split(' ').Select(
        c => new Rune(int.Parse(c, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))));
}
