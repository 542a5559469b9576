using System.Diagnostics;
using System.Security.Cryptography;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class ScramKeyCacheTests
{
    private static readonly ScramVector Vector = ScramVector.Sha256;

    [Fact]
    public void Second_login_comes_to_the_same_proof()
    {
        using var cache = new ScramKeyCache();

        Assert.Equal(Vector.ClientFinal, Login(Vector, cache));
        Assert.Equal(1, cache.Count);
        Assert.Equal(Vector.ClientFinal, Login(Vector, cache));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Second_login_derives_no_keys()
    {
        using var cache = new ScramKeyCache();
        // Half a second of hashing, so that skipping it shows on any machine.
        const int Iterations = 2_000_000;

        var serverKey = ServerKey("pencil", Iterations);
        var derived = Time(() => LoginToServer("pencil", cache, Iterations, serverKey));
        var remembered = Time(() => LoginToServer("pencil", cache, Iterations, serverKey));

        Assert.True(remembered < derived / 2, $"{remembered} after {derived}");
    }

    [Fact]
    public void Other_password_salt_or_count_finds_nothing()
    {
        using var cache = new ScramKeyCache();
        Login(Vector, cache);

        Assert.NotEqual(Vector.ClientFinal, Answer("crayon", Vector.ServerFirst));
        var otherSalt = Vector.ServerFirst.Replace("s=W", "s=X", StringComparison.Ordinal);
        Assert.NotEqual(Proof(Vector.ClientFinal), Proof(Answer("pencil", otherSalt)));
        LoginToServer("pencil", cache, 4096);
        LoginToServer("pencil", cache, 4097);
        LoginToServer("crayon", cache, 4097);
        Assert.Equal(1, cache.Count);

        string Answer(string password, string serverFirst)
        {
            var mechanism = Mechanism(password, cache, Vector.ClientNonce);
            mechanism.Start();
            return mechanism.RespondText(serverFirst);
        }

        static string Proof(string clientFinal) => clientFinal.Split(",p=")[1];
    }

    [Fact]
    public void Each_hash_function_has_its_own_entry()
    {
        using var cache = new ScramKeyCache();

        foreach (var vector in (ScramVector[])[ScramVector.Sha1, ScramVector.Sha256, ScramVector.Sha512])
            Assert.Equal(vector.ClientFinal, Login(vector, cache));

        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public void Nothing_is_kept_from_a_server_that_proved_nothing()
    {
        using var cache = new ScramKeyCache();
        var mechanism = Mechanism("pencil", cache, Vector.ClientNonce);
        mechanism.Start();
        mechanism.RespondText(Vector.ServerFirst);

        Assert.Throws<XmppSecurityException>(() => mechanism.CompleteText("v=AAAA"));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Cleared_cache_is_empty_and_goes_on_working()
    {
        using var cache = new ScramKeyCache();
        Login(Vector, cache);

        cache.Clear();
        Assert.Equal(0, cache.Count);
        Assert.Equal(Vector.ClientFinal, Login(Vector, cache));
    }

    [Fact]
    public void Clearing_does_not_disturb_an_exchange_under_way()
    {
        using var cache = new ScramKeyCache();
        Login(Vector, cache);
        var mechanism = Mechanism("pencil", cache, Vector.ClientNonce);
        mechanism.Start();
        mechanism.RespondText(Vector.ServerFirst);

        cache.Clear();
        mechanism.CompleteText(Vector.ServerFinal);

        Assert.Equal(Vector.ClientFinal, Login(Vector, cache));
    }

    private static string Login(ScramVector vector, ScramKeyCache cache)
    {
        var mechanism = vector.Mechanism(new ScramOptions { NonceSource = () => vector.ClientNonce, KeyCache = cache });
        mechanism.Start();
        var final = mechanism.RespondText(vector.ServerFirst);
        mechanism.CompleteText(vector.ServerFinal);
        return final;
    }

    private static void LoginToServer(string password, ScramKeyCache cache, int iterations) =>
        LoginToServer(password, cache, iterations, ServerKey(password, iterations));

    private static void LoginToServer(string password, ScramKeyCache cache, int iterations, byte[] serverKey) =>
        ScramMechanismTests.Exchange(
            Mechanism(password, cache, nonce: null),
            new ScramTestServer(HashAlgorithmName.SHA256, password) { Iterations = iterations, SaltedPassword = serverKey });

    private static byte[] ServerKey(string password, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, ScramTestServer.Salt, iterations, HashAlgorithmName.SHA256, 32);

    private static ScramMechanism Mechanism(string password, ScramKeyCache cache, string? nonce)
    {
        var options = nonce is null
            ? new ScramOptions { KeyCache = cache }
            : new ScramOptions { KeyCache = cache, NonceSource = () => nonce };
        var credentials = new SaslCredentials { Username = "user", Password = password };
        return new ScramMechanism(ScramHash.Sha256, Gs2ChannelBinding.NotSupported, credentials, null, options);
    }

    private static TimeSpan Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started);
    }
}
