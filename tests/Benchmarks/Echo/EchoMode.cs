using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Echo;

/// <summary>The whole of a bot as its users have it, for a load generator.</summary>
internal static class EchoMode
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (EchoOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync("usage: " + EchoOptions.Usage);
            return 2;
        }

        if (options.Sessions > 1)
        {
            return await ManySessions.RunAsync(options);
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        if (options.DotNetty)
        {
            builder.Services.AddDotNettyEventLoops();
        }

        var tally = new EchoTally();
        builder.Services.AddSingleton(tally);
        builder.Services.AddXmppClient(options.ApplyTo).AddMessageHandler<EchoHandler>();
        await builder.Build().RunAsync();
        if (options.Report)
        {
            Console.WriteLine(tally.Report());
        }

        return Environment.ExitCode;
    }
}
