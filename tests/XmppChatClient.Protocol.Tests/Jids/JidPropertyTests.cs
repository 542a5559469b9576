using System.Text;
using CsCheck;
using XmppChatClient.Fuzz;
using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

/// <summary>What holds of every address; <see cref="JidTarget"/> says what. A failure prints the seed that repeats it.
/// </summary>
public sealed class JidPropertyTests
{
    private static readonly Gen<string> Character = Gen.Frequency(
        (12, Gen.Char['a', 'z'].Select(c => c.ToString())),
        (3, Gen.Char[' ', '~'].Select(c => c.ToString())),
        (4, Gen.Int[0, 0x10FFFF].Where(c => c is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32)),
        (6, Gen.Int[0x80, 0x33FF].Select(char.ConvertFromUtf32)),
        (4, Gen.OneOf(
            "ß", "ς", "Σ", "İ", "ı", "ſ", "K", "Å", "\u0301", "\u0323", "\u0345", "\u200C", "\u200D", "\u094D", "·", "l·l", "・", "ア", "א", "ب", "٣",
            "۳", "1", "-", "xn--", "xn--nxasmq6b", "_", "\u1100", "\u1161", "\u11A8", "가", "ａ", "＠", "／", "．", "。", "\u00A0", "\u3000", "\u00AD",
            "\uFFFD", "\uD800", "\uDC00", "\u0F43", "\u2126", "𝐀", "🎉", "Ꭰ", "ꭰ", "ǅ", "ŉ", "ﬁ", "״", "͵α")));

    private static readonly Gen<string> Word = Character.Array[1, 8].Select(string.Concat);

    private static readonly Gen<string> Domain = Gen.Frequency(
        (5, Word.Array[1, 3].Select(labels => string.Join('.', labels))),
        (2, Gen.OneOf("example.com", "EXAMPLE.com.", "bücher.example", "BÜCHER.example", "אב.example", "xn--bcher-kva.example")),
        (1, Gen.OneOf("[::1]", "[2001:DB8::0:1]", "192.0.2.1", "[::ffff:192.0.2.1]", "1.2.3", "256.0.0.1")));

    private static readonly Gen<string> Address = Gen.Select(
        Gen.Frequency((1, Gen.Const("")), (3, Word.Select(w => w + "@"))),
        Domain,
        Gen.Frequency((1, Gen.Const("")), (3, Word.Select(w => "/" + w))),
        (local, domain, resource) => local + domain + resource);

    [Fact]
    public void What_is_an_address_stays_the_same_address() => Address.Sample(JidTarget.Check, iter: 20_000);

    [Fact]
    public void Many_generated_addresses_are_addresses()
    {
        var (valid, all) = (0, 0);
        Address.Sample(
            text =>
            {
                Interlocked.Increment(ref all);
                if (Jid.TryParse(text, out _))
                {
                    Interlocked.Increment(ref valid);
                }
            },
            iter: 2_000);
        Assert.InRange(valid, all / 25, all - 1);
    }

    [Fact]
    public void Code_points_are_refused_or_stay_in_each_part()
    {
        for (var c = 0; c <= 0x10FFFF; c += c == 0xD7FF ? 0x801 : 1)
        {
            // Beyond the scripts that have case, marks and directions, most are alike.
            if ((c > 0x3400 && c % 13 != 0) || (c > 0x1FFFF && c % 97 != 0))
            {
                continue;
            }

            var text = char.ConvertFromUtf32(c);
            JidTarget.Check($"{text}a@a/{text}");
            JidTarget.Check($"a{text}a.b");
        }
    }

    [Fact]
    public void Order_agrees_with_equality() => Gen.Select(Address, Address, Address).Sample(
        texts =>
        {
            Jid[] jids = [.. ((string[])[texts.Item1, texts.Item2, texts.Item3]).Where(t => Jid.TryParse(t, out _)).Select(Jid.Parse)];
            foreach (var a in jids)
            {
                foreach (var b in jids)
                {
                    Assert.Equal(a == b, a.CompareTo(b) == 0);
                    Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
                    Assert.All(jids, c => Assert.False(a.CompareTo(b) < 0 && b.CompareTo(c) < 0 && a.CompareTo(c) >= 0));
                }
            }
        },
        iter: 2_000);

    [Fact]
    public void Formatting_and_generic_parsing_agree_with_ToString() => Gen.Select(Address, Gen.Int[0, 40]).Sample(
        (text, length) =>
        {
            var isAddress = Jid.TryParse(text, out var jid);
            Assert.Equal(isAddress, TryParse<Jid>(text, out var generic));
            Assert.Equal(isAddress, Jid.TryParse(text.AsSpan(), out var ofSpan, out var error));
            Assert.Equal(isAddress, error is null);
            if (!isAddress)
            {
                Assert.Contains(error!, Assert.Throws<FormatException>(() => Jid.Parse(text)).Message, StringComparison.Ordinal);
                return;
            }

            Assert.Equal(jid, generic);
            Assert.Equal(jid, ofSpan);
            var buffer = new char[length];
            var fits = jid!.TryFormat(buffer, out var written);
            Assert.Equal(jid.ToString().Length <= length, fits);
            Assert.Equal(fits ? jid.ToString() : "", new string(buffer, 0, written));
            Assert.Equal(jid.ToString(), $"{jid}");
        },
        iter: 3_000);

    [Fact]
    public void Enforcing_twice_is_enforcing_once() => Word.Sample(
        word =>
        {
            if (OpaqueString.TryEnforce(word, out var opaque, out _))
            {
                Assert.True(OpaqueString.TryEnforce(opaque, out var again, out _));
                Assert.Equal(opaque, again);
            }

            if (UsernameCaseMapped.TryEnforce(word, out var name, out _))
            {
                Assert.True(UsernameCaseMapped.TryEnforce(name, out var again, out _));
                Assert.Equal(name, again);
            }
        },
        iter: 10_000);

    [Fact]
    public void Punycode_comes_back() => Word.Where(w => !w.EnumerateRunes().Contains(Rune.ReplacementChar)).Sample(
        word =>
        {
            var punycode = Punycode.Encode(word);
            Assert.True(Ascii.IsValid(punycode) || !Ascii.IsValid(string.Concat(word.Where(char.IsAscii))));
            Assert.True(Punycode.TryDecode(punycode, out var text));
            Assert.Equal(word, text);
        },
        iter: 5_000);

    private static bool TryParse<T>(string text, out T? value)
        where T : IParsable<T> => T.TryParse(text, null, out value);
}
