using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XmppChatClient;

namespace Benchmarks;

/// <summary>An echo bot for a load generator: <c>echo HOST PORT JID PASSWORD CAFILE|-</c>. Prints READY when online and
/// ends at SIGTERM. With <c>COUNT=N</c> in the environment, N sessions in one process, without hosts.</summary>
internal static class EchoMode
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var host, var port, var jid, var password, var roots])
        {
            await Console.Error.WriteLineAsync("usage: echo HOST PORT JID PASSWORD CAFILE|-");
            return 2;
        }

        void Configure(XmppClientOptions options)
        {
            options.Jid = Jid.Parse(jid);
            options.Password = password;
            options.Host = host;
            options.Port = int.Parse(port, CultureInfo.InvariantCulture);
            (options.Tls, options.TrustedRoots) = roots == "-" ? (TlsMode.Disabled, null) : (TlsMode.Required, roots);
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("COUNT"), CultureInfo.InvariantCulture, out var count) && count > 1)
        {
            return await ManySessions.RunAsync(count, Configure);
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddXmppClient(Configure).AddMessageHandler<EchoHandler>();
        await builder.Build().RunAsync();
        return Environment.ExitCode;
    }
}
