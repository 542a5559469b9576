using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Shared.Tests;

namespace XmppChatClient.Interop.Tests;

/// <summary>EchoBot compiled ahead of time, as `dotnet publish -p:PublishAot=true` makes it, once for its tests.</summary>
public sealed class NativeEchoBot : IAsyncLifetime
{
    // Output of its own: the ordinary build is the other tests', and is for no particular system.
    private readonly string _build = BotProcess.PathOf("NativeBuild");

    /// <summary>One program, with nothing of ours beside it but its settings.</summary>
    public string Program => Path.Combine(_build, "published", "EchoBot");

    /// <summary>What the publishing printed: one line for each warning.</summary>
    public string Output { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Installed.DemandLinker();
        Output = await DotnetCommand.RunAsync(
            BotProcess.PathOf("EchoBotProject"), null, "publish", "-nologo", "-v:quiet", "--use-current-runtime",
            "-p:PublishAot=true", "--artifacts-path", _build, "-o", Path.GetDirectoryName(Program)!);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
