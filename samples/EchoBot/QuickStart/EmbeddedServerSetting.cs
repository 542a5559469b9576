using Microsoft.Extensions.Configuration;

namespace EchoBot.QuickStart;

/// <summary>The setting <c>Xmpp:EmbeddedServer</c>: true, false, or by default whether no <c>Xmpp:Jid</c> is given.</summary>
internal static class EmbeddedServerSetting
{
    private const string Key = "Xmpp:EmbeddedServer";

    /// <summary>Reads the setting, and takes it away: it is this program's own, and AddXmppClient takes no key that it does not
    /// know.</summary>
    public static bool Take(ConfigurationManager configuration)
    {
        if (!bool.TryParse(configuration[Key], out var wanted))
        {
            // What is neither true nor false stays, for the one line that says so.
            return configuration[Key] is null && string.IsNullOrEmpty(configuration["Xmpp:Jid"]);
        }

        var others = configuration.AsEnumerable()
            .Where(setting => !setting.Key.Equals(Key, StringComparison.OrdinalIgnoreCase)).ToList();
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(others);
        return wanted;
    }
}
