using System.Globalization;
using XmppChatClient;
using XmppChatClient.Roster;

if (args is not [var address, var contact] || Environment.GetEnvironmentVariable("XMPP_PASSWORD") is not { } password)
{
    Console.Error.WriteLine("""
        usage: XMPP_PASSWORD=... ConsoleChat ADDRESS CONTACT
        XMPP_HOST and XMPP_PORT say where the server is, if DNS does not; XMPP_ROOTS is a PEM file of roots to trust.
        """);
    return 2;
}

var options = new XmppClientOptions
{
    Jid = Jid.Parse(address),
    Password = password,
    Host = Environment.GetEnvironmentVariable("XMPP_HOST"),
    Port = Environment.GetEnvironmentVariable("XMPP_PORT") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null,
    TrustedRoots = Environment.GetEnvironmentVariable("XMPP_ROOTS"),
};
options.AddStandardModules();
await using var client = new XmppClient(options);
try
{
    await client.ConnectAsync();
    Console.WriteLine($"Online as {client.Jid}. Your contacts:");
    foreach (var item in client.Get<RosterModule>().Items.Values.OrderBy(item => item.Jid.ToString(), StringComparer.Ordinal))
    {
        Console.WriteLine($"  {item.Jid} {item.Name}");
    }

    var printing = PrintMessagesAsync();
    while (await Console.In.ReadLineAsync() is { } line)
    {
        await client.SendAsync(Jid.Parse(contact), line);
    }

    await client.CloseAsync();
    await printing;
    return 0;
}
catch (XmppException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

async Task PrintMessagesAsync()
{
    await foreach (var message in client.ReadMessagesAsync())
    {
        if (message.Body is { } body)
        {
            Console.WriteLine($"{message.From?.Bare}> {body}");
        }
    }
}
