using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using XmppChatClient.Testing.Bosh;
using XmppChatClient.Testing.WebSockets;

namespace XmppChatClient.Testing;

/// <summary>Serves a test server's clients over WebSocket (RFC 7395) and BOSH (XEP-0124, XEP-0206), on loopback, and says so in host-meta
/// files (XEP-0156). Its accounts, faults and transcript are those of the test server, which is not disposed with it.</summary>
/// <example><code>
/// await using var server = await XmppTestServer.StartAsync();
/// await using var web = await XmppTestWebServer.StartAsync(server);
/// builder.Services.AddXmppClient(o => o.UseTestServer(web, server.AddAccount("bot")));
/// </code></example>
public sealed class XmppTestWebServer : IAsyncDisposable
{
    private const string WebSocketPath = "/xmpp-websocket";
    private const string BoshPath = "/http-bind";
    private const string Subprotocol = "xmpp";

    private readonly WebApplication _application;
    private readonly X509Certificate2? _certificate;
    private readonly BoshGateway _bosh;

    private XmppTestWebServer(XmppTestServer server, XmppTestWebServerOptions options)
    {
        Server = server;
        _certificate = options.UseTls ? server.CreateCertificate("localhost") : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            options.Port,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (_certificate is not null)
                {
                    listen.UseHttps(_certificate);
                }
            }));
        _application = builder.Build();
        _bosh = new BoshGateway(server, options);
        _application.UseWebSockets();
        _application.Run(HandleAsync);
    }

    /// <summary>Whose clients it serves.</summary>
    public XmppTestServer Server { get; }

    /// <summary>Where the WebSocket is: <c>wss://localhost:port/xmpp-websocket</c>, or <c>ws:</c> without TLS.</summary>
    public Uri WebSocketEndpoint { get; private set; } = new("ws://localhost");

    /// <summary>Where BOSH is: <c>https://localhost:port/http-bind</c>, or <c>http:</c> without TLS.</summary>
    public Uri BoshEndpoint { get; private set; } = new("http://localhost");

    /// <summary>Loses requests of BOSH, or their answers: the next ones, whoever's they are.</summary>
    /// <param name="count">How many.</param>
    /// <param name="every">One of so many.</param>
    /// <returns>Dispose of it to lose no more.</returns>
    public IDisposable LoseBosh(BoshLoss loss, int count = 1, int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return _bosh.Losses.Add(loss, count, every);
    }

    /// <exception cref="TestServerException">It cannot listen.</exception>
    public static async Task<XmppTestWebServer> StartAsync(
        XmppTestServer server, XmppTestWebServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        var web = new XmppTestWebServer(server, options ?? new XmppTestWebServerOptions());
        try
        {
            await web._application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await web.DisposeAsync().ConfigureAwait(false);
            throw new TestServerException($"The test server cannot listen: {e.Message}", e);
        }

        var address = new Uri(web._application.Urls.First());
        var (webSocket, bosh) = web._certificate is null ? ("ws", "http") : ("wss", "https");
        web.WebSocketEndpoint = new UriBuilder(webSocket, "localhost", address.Port, WebSocketPath).Uri;
        web.BoshEndpoint = new UriBuilder(bosh, "localhost", address.Port, BoshPath).Uri;
        return web;
    }

    /// <summary>Cuts all connections that came this way, and listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        await _bosh.DisposeAsync().ConfigureAwait(false);
        _certificate?.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (HostMeta.Of(context.Request.Path, WebSocketEndpoint, BoshEndpoint) is var (type, file))
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(file, context.RequestAborted).ConfigureAwait(false);
        }
        else if (context.Request.Path == BoshPath)
        {
            await _bosh.HandleAsync(context).ConfigureAwait(false);
        }
        else if (context.Request.Path != WebSocketPath)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol))
        {
            // As Prosody.
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        }
        else
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(Subprotocol).ConfigureAwait(false);
            var from = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort} over WebSocket";
            var stream = Server.OpenConnection(from, context.Request.IsHttps);
            await using (stream.ConfigureAwait(false))
            {
                await new WebSocketGateway(socket, stream, context.Abort)
                    .RunAsync(_application.Lifetime.ApplicationStopping).ConfigureAwait(false);
            }
        }
    }
}
