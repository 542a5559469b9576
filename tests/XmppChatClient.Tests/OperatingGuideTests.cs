using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace XmppChatClient.Tests;

/// <summary>docs/OPERATING.md lists every instrument and every event of the log, and nothing else.</summary>
public sealed partial class OperatingGuideTests
{
    private static readonly Assembly[] Product =
        [typeof(XmppClient).Assembly, typeof(StandardModules).Assembly, typeof(IMessageHandler).Assembly];

    private static readonly string[] Rows = File.ReadAllLines(Path.Combine(
        typeof(OperatingGuideTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!,
        "docs/OPERATING.md"));

    [Fact]
    public void Instruments_are_those_of_the_table()
    {
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "XmppChatClient")
                {
                    names.Add(instrument.Name);
                }
            },
        };
        foreach (var type in Product.SelectMany(a => a.GetTypes()).Where(t => t.Name.EndsWith("Telemetry", StringComparison.Ordinal)))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        listener.Start();
        Assert.Equal(
            Rows.Where(r => r.StartsWith("| `xmpp.", StringComparison.Ordinal))
                .SelectMany(r => InstrumentName().Matches(r.Split('|')[1]).Select(m => m.Value))
                .Order(StringComparer.Ordinal),
            names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Log_events_are_those_of_the_table()
    {
        var events = Product.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(
                BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(e => (e.EventId, e.Level.ToString()));
        Assert.Equal(
            Rows.Where(r => EventRow().IsMatch(r))
                .Select(r => r.Split('|', StringSplitOptions.TrimEntries))
                .SelectMany(c => c[1].Split(", ").Select(id => (int.Parse(id, null), c[2])))
                .Order(),
            events.Order());
    }

    [GeneratedRegex("xmpp[a-z.]+")]
    private static partial Regex InstrumentName();

    [GeneratedRegex(@"^\| \d")]
    private static partial Regex EventRow();
}
