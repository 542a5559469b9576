using System.Collections.Frozen;

namespace XmppChatClient.Fuzz;

/// <summary>What can be fuzzed, by name. A check throws when something is wrong; what a peer may do wrong is not.</summary>
internal static class FuzzTargets
{
    public static FrozenDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>
    {
        ["reader"] = ReaderTarget.Check,
        ["jid"] = JidTarget.Check,
        ["scram"] = ScramTarget.Check,
    }.ToFrozenDictionary();
}
