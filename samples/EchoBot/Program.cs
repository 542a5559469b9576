using EchoBot;
using EchoBot.QuickStart;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddSerilog(logging => logging.ReadFrom.Configuration(builder.Configuration));
var xmpp = builder.Services.AddXmppClient()
    .AddMessageHandler<EchoHandler>();

// Only where no account is given: a server in this process, and you to talk to the bot.
await using var server = await EmbeddedServer.StartIfWantedAsync(builder, xmpp);
await builder.Build().RunAsync();
