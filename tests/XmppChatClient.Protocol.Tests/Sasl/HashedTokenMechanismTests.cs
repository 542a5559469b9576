using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

/// <summary>HT-SHA-256 (draft-schmaus-kitten-sasl-ht-09); the values are Python's.</summary>
public sealed class HashedTokenMechanismTests
{
    private const string Token = "secret-token:fast-abc";
    private const string Unbound = "kP0GDjSVGqRF4nKLtIi3QlXFuDVf6mGFRvdYjlQnogQ=";
    private const string Bound = "82hsmIBiLgLKZ8QqrafLSUEsX584aBpufIiJ2LWucXM=";

    private static readonly ChannelBinding EndPoint =
        new(ChannelBindingTypes.TlsServerEndPoint, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void Both_sides_prove_the_token()
    {
        var mechanism = new HashedTokenMechanism("alice", Token, binding: null);
        Assert.Equal("HT-SHA-256-NONE", mechanism.Name);
        Assert.Equal("YWxpY2UAMaQPleIiWJr7jCjCEhGUE8mfFTDtEUWPLM0UGYjucJ4=", Convert.ToBase64String(mechanism.Start()!.Value.Span));
        mechanism.Complete(Convert.FromBase64String(Unbound));
    }

    [Fact]
    public void Both_sides_bind_to_the_channel()
    {
        var mechanism = new HashedTokenMechanism("alice", Token, EndPoint);
        Assert.Equal("HT-SHA-256-ENDP", mechanism.Name);
        Assert.Equal("YWxpY2UAGK3ktZZGCeo7DGr8ocvN9F20jgFwdD1FVxgI8Zyh0g4=", Convert.ToBase64String(mechanism.Start()!.Value.Span));
        mechanism.Complete(Convert.FromBase64String(Bound));
    }

    [Theory]
    [InlineData("", "without its proof")]
    [InlineData(Unbound, "proof is wrong")]
    [InlineData("82hs", "proof is wrong")]
    public void Server_that_proves_something_else_is_refused(string data, string problem)
    {
        var mechanism = new HashedTokenMechanism("alice", Token, EndPoint);
        mechanism.Start();
        var error = Assert.Throws<XmppSecurityException>(() => mechanism.Complete(Convert.FromBase64String(data)));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => mechanism.Complete(Convert.FromBase64String(Bound)));
    }

    [Fact]
    public void Challenge_has_no_place()
    {
        var mechanism = new HashedTokenMechanism("alice", Token, EndPoint);
        mechanism.Start();
        Assert.Throws<XmppSecurityException>(() => mechanism.Respond(Convert.FromBase64String(Bound)));
    }

    [Fact]
    public void Order_is_kept()
    {
        Assert.Throws<InvalidOperationException>(() => new HashedTokenMechanism("alice", Token, null).Complete([]));
        var mechanism = new HashedTokenMechanism("alice", Token, null);
        mechanism.Start();
        Assert.Throws<InvalidOperationException>(() => mechanism.Start());
    }

    [Theory]
    [InlineData("", Token, ChannelBindingTypes.TlsUnique)]
    [InlineData("a\0b", Token, ChannelBindingTypes.TlsUnique)]
    [InlineData("alice", "", ChannelBindingTypes.TlsUnique)]
    [InlineData("alice", Token, "tls-exporter")]
    public void What_cannot_be_used_is_refused(string username, string token, string binding)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new HashedTokenMechanism(username, token, new ChannelBinding(binding, new byte[] { 1 })));
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChannelBindingTypes.TlsUnique, "HT-SHA-256-UNIQ")]
    [InlineData(ChannelBindingTypes.TlsServerEndPoint, "HT-SHA-256-ENDP")]
    [InlineData(null, "HT-SHA-256-NONE")]
    [InlineData("tls-exporter", null)]
    public void Mechanism_is_named_by_what_it_binds_to(string? binding, string? name) =>
        Assert.Equal(name, HashedTokenMechanism.NameFor(binding));
}
