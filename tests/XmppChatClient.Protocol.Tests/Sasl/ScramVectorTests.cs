namespace XmppChatClient.Tests.Sasl;

public sealed class ScramVectorTests
{
    [Theory]
    [MemberData(nameof(ScramVector.All), MemberType = typeof(ScramVector))]
    public void Published_exchange_is_reproduced_with_the_signature_in_success(ScramVector vector)
    {
        var mechanism = vector.Mechanism();

        Assert.Equal(vector.Hash.Mechanism, mechanism.Name);
        Assert.Equal(vector.ClientFirst, mechanism.StartText());
        Assert.Equal(vector.ClientFinal, mechanism.RespondText(vector.ServerFirst));
        mechanism.CompleteText(vector.ServerFinal);
    }

    [Theory]
    [MemberData(nameof(ScramVector.All), MemberType = typeof(ScramVector))]
    public void Published_exchange_is_reproduced_with_the_signature_in_a_last_challenge(ScramVector vector)
    {
        var mechanism = vector.Proved();

        Assert.Equal("", mechanism.RespondText(vector.ServerFinal));
        mechanism.CompleteText("");
    }
}
