using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace XmppChatClient.Contracts;

/// <summary>A host with a component that answers what is said to it with who was asked, and notes what came.</summary>
internal sealed class ComponentHost : IAsyncDisposable
{
    private readonly IHost _host;

    public ComponentHost(Action<XmppComponentOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Heard>();
        builder.Services.AddXmppComponent(configure).AddMessageHandler<Riddler>();
        _host = builder.Build();
    }

    public XmppClient Client => _host.Services.GetRequiredService<XmppClient>();

    public Jid Domain => Client.Jid;

    private Heard Heard => _host.Services.GetRequiredService<Heard>();

    public Jid Address(string format) => Jid.Parse(format.Replace("{0}", Domain.ToString(), StringComparison.Ordinal));

    /// <summary>Starts it, and waits until it is connected.</summary>
    public async Task StartAsync()
    {
        await _host.StartAsync(TestContext.Current.CancellationToken);
        await Heard.Started.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang.Limit);
    }

    /// <summary>Waits until it is connected again.</summary>
    public Task RestartedAsync() => Heard.Started.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang.Limit);

    public async Task<Message> MessageAsync(Func<Message, bool> fits) => (Message)await Heard.NextAsync(s => s is Message m && fits(m));

    public async Task<Presence> PresenceAsync(Func<Presence, bool> fits) => (Presence)await Heard.NextAsync(s => s is Presence p && fits(p));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None).WaitAsync(Hang.Limit);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
