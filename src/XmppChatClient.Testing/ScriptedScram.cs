using XmppChatClient.Testing.Login;

namespace XmppChatClient.Testing;

/// <summary>What a <see cref="ScriptedServer"/> knows of a password for SCRAM. What is costly is worked out once, so that one
/// of these serves any number of scripts.</summary>
public sealed class ScriptedScram
{
    private readonly string _password;
    private readonly Lock _lock = new();
    private readonly List<ScramKeys> _keys = [];

    /// <exception cref="ArgumentException">The password is empty.</exception>
    public ScriptedScram(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        _password = password;
    }

    internal ScramKeys KeysOf(ScramVariant variant)
    {
        lock (_lock)
        {
            var keys = _keys.Find(k => k.Variant == variant);
            if (keys is null)
            {
                keys = ScramKeys.Derive(variant, _password);
                _keys.Add(keys);
            }

            return keys;
        }
    }
}
