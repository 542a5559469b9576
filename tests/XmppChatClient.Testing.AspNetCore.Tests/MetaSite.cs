using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>The web server of the domain localhost, whose port 443 a client's dialer finds here.</summary>
internal sealed class MetaSite : IAsyncDisposable, IStreamDialer
{
    private readonly WebApplication _application;

    private MetaSite(WebApplication application) => _application = application;

    private int Port => new Uri(_application.Urls.First()).Port;

    public static async Task<MetaSite> StartAsync(XmppTestServer certifier, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.UseHttps(certifier.CreateCertificate("localhost"))));
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new MetaSite(application);
    }

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) => SocketDialer.Instance.DialAsync(
        address.Port == 443 ? new IPEndPoint(IPAddress.Loopback, Port) : address, cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
