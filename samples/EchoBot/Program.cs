using EchoBot;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddSerilog(logging => logging.ReadFrom.Configuration(builder.Configuration));
builder.Services.AddXmppClient()
    .AddMessageHandler<EchoHandler>();
builder.Build().Run();
