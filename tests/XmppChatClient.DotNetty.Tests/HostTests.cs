using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XmppChatClient.Core.Tests;

namespace XmppChatClient.DotNetty.Tests;

public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosted_client_closes_its_stream_before_the_hosts_loops_end()
    {
        var server = new ScriptedServer(TranscriptTests.Login + """
            C: <presence/>
            C: <presence type='unavailable'/></stream:stream>
            S: </stream:stream>
            """);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = (IPEndPoint)listener.LocalEndpoint;
        var session = new SessionSignal();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(session);
        builder.Services.AddDotNettyEventLoops(1);
        builder.Services.AddXmppClient(o =>
        {
            o.Jid = Jid.Parse("example.org");
            o.Host = "127.0.0.1";
            o.Port = address.Port;
            o.Tls = TlsMode.Disabled;
            o.Modules.Clear();
        }).AddSessionHandler<SessionSignal>();
        DotNettyEventLoops loops;
        using (var host = builder.Build())
        {
            await host.StartAsync(Token);
            var peer = await listener.AcceptSocketAsync(Token);
            _ = Carrier.CarryAsync(server.Connect(), peer);
            await session.Started.WaitAsync(Hang.Limit, Token);
            loops = host.Services.GetRequiredService<DotNettyEventLoops>();
            await using (await loops.DialAsync(address, Token))
            {
                await host.StopAsync(Token);
                await server.Done.WaitAsync(Hang.Limit, Token);
            }
        }

        await Assert.ThrowsAsync<SocketException>(async () => await loops.DialAsync(address, Token));
    }

    private sealed class SessionSignal : ISessionHandler
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
        {
            _started.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
