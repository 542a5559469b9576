using System.Globalization;
using System.Text.RegularExpressions;

namespace XmppChatClient.Testing.Faults;

/// <summary>The server says in SCRAM what is not so.</summary>
internal sealed partial class ScramFault(FaultHooks hooks, ScramLie lie) : Fault(hooks, null)
{
    public override string ScramFirst(string message) => lie switch
    {
        ScramLie.Nonce => Nonce().Replace(message, "r=anothernonce", 1),
        ScramLie.Salt => Salt().Replace(message, "s=", 1),
        ScramLie.FewIterations => WithIterations(message, 1),
        ScramLie.ManyIterations => WithIterations(message, int.MaxValue),
        _ => message,
    };

    public override string ScramFinal(string message) => lie switch
    {
        ScramLie.Signature => $"v={Convert.ToBase64String(new byte[Convert.FromBase64String(message["v=".Length..]).Length])}",
        ScramLie.NoSignature => "",
        _ => message,
    };

    private static string WithIterations(string message, int count) =>
        Iterations().Replace(message, string.Create(CultureInfo.InvariantCulture, $"i={count}"), 1);

    [GeneratedRegex("r=[^,]+")]
    private static partial Regex Nonce();

    [GeneratedRegex("s=[^,]+")]
    private static partial Regex Salt();

    [GeneratedRegex("i=[0-9]+")]
    private static partial Regex Iterations();
}
