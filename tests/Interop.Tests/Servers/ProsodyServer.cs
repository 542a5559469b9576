using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>Prosody 13.0 as Debian 12's backports have it.</summary>
public sealed class ProsodyServer(ServerSettings settings) : XmppServer(ServerKind.Prosody, settings)
{
    private const string Ready = "all modules are loaded and all ports open";

    private string Data => Path.Combine(Folder, "data");

    private protected override ServerProcess Launch()
    {
        var plugins = Directory.CreateDirectory(Path.Combine(Folder, "plugins")).FullName;
        Directory.CreateDirectory(Path.Combine(Data, Escape(Domain), "accounts"));
        File.WriteAllText(Path.Combine(plugins, "mod_test_host.lua"), TestHostModule);
        var configuration = Path.Combine(Folder, "prosody.cfg.lua");
        File.WriteAllText(configuration, ProsodyConfiguration.For(this, Data, plugins));

        var start = new ProcessStartInfo(Installed.OnPath("prosody")!) { WorkingDirectory = Folder };
        start.ArgumentList.Add("--config");
        start.ArgumentList.Add(configuration);
        start.ArgumentList.Add("-F");
        return new ServerProcess(start);
    }

    private protected override Task WaitUntilReadyAsync(ServerProcess process, CancellationToken cancellationToken) =>
        process.WaitForAsync(Ready, cancellationToken);

    // Prosody reads an account's file at each login, so writing it is enough; prosodyctl takes some 100 ms for the same.
    // The hashed store takes a plain password too and hashes it at the first login.
    private protected override Task AddUserAsync(ServerProcess process, string name, string password, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Data, Escape(Domain), "accounts", Escape(name) + ".dat");
        return File.WriteAllTextAsync(file, $"return {{ [\"password\"] = {LuaString(password)}; }};\n", cancellationToken);
    }

    // Prosody does one thing after the other: what one link brought before what a later one brings.
    private protected override Task WaitUntilGoneAsync(ServerProcess process, string name, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Prosody names files so: all but ASCII letters and digits as %xx of their UTF-8.</summary>
    private static string Escape(string name) => string.Concat(Encoding.UTF8.GetBytes(name)
        .Select(octet => char.IsAsciiLetterOrDigit((char)octet) ? ((char)octet).ToString() : $"%{octet:x2}"));

    private static string LuaString(string text) => "\"" + string.Concat(Encoding.UTF8.GetBytes(text)
        .Select(octet => "\\" + octet.ToString("D3", CultureInfo.InvariantCulture))) + "\"";

    // Prosody prints nothing when it has finished starting, and would outlive a test host that was killed. Where it shuts down it waits
    // for its clients, which only its own thread can.
    private const string TestHostModule = $$"""
        module:set_global();
        module:hook("server-started", function ()
            module:log("info", "{{Ready}}");
        end);
        local server = require "net.server";
        server.watchfd(0, function (watch)
            watch:close();
            prosody.main_thread:run(function ()
                prosody.shutdown("The test host closed our standard input");
            end);
        end);
        """;
}
