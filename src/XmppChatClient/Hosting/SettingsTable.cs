using Microsoft.Extensions.Configuration;

namespace XmppChatClient.Hosting;

/// <summary>Which keys there are under a section and what they set. Strict: a key that is not in the table is an error, since a
/// misspelt one would otherwise silently leave a default in force.</summary>
internal sealed class SettingsTable<TOptions>(Dictionary<string, Action<TOptions, DispatchOptions, string>> keys)
{
    /// <summary>Every key, as it is written under the section.</summary>
    public IReadOnlyCollection<string> Names => keys.Keys;

    /// <summary>Applies a section to options.</summary>
    /// <exception cref="XmppConfigurationException">A key is unknown or its value cannot be read; the message names it.</exception>
    public void Apply(IConfigurationSection section, TOptions options, DispatchOptions dispatch)
    {
        var prefix = section.Path + ConfigurationPath.KeyDelimiter;
        foreach (var (path, value) in section.AsEnumerable())
        {
            if (path.Length <= prefix.Length)
            {
                continue;
            }

            var key = path[prefix.Length..];
            if (!keys.TryGetValue(key, out var set))
            {
                if (value is null && (IsGroup(key) || section.GetSection(key).GetChildren().Any()))
                {
                    // What is in it is looked at in its turn.
                    continue;
                }

                throw new XmppConfigurationException($"{path} is not a setting.{Suggest(key, prefix)}");
            }

            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            try
            {
                set(options, dispatch, value);
            }
            catch (FormatException e)
            {
                throw new XmppConfigurationException($"{path} cannot be read: {e.Message.TrimEnd('.')}.");
            }
            catch (ArgumentException e)
            {
                // As where options are validated: the message begins with the option's name.
                throw new XmppConfigurationException(prefix + e.Message);
            }
        }
    }

    private bool IsGroup(string key) =>
        keys.Keys.Any(known => known.StartsWith(key + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase));

    private string Suggest(string key, string prefix)
    {
        var near = keys.Keys.Select(known => (known, distance: Distance(known.ToUpperInvariant(), key.ToUpperInvariant())))
            .MinBy(k => k.distance);
        return near.distance <= Math.Max(2, key.Length / 3) ? $" Did you mean {prefix}{near.known}?" : "";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (
                    row[j],
                    Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
