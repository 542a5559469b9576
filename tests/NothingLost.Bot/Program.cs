using System.Globalization;
using System.Net;
using XmppChatClient;
using XmppChatClient.CatchUp;
using XmppChatClient.Storage;

// A client that is there to be killed. It reads "send <first> <count>" from its input, and says in its output what it has done: "online",
// "accepted <number>", "begin <number>" and "end <number>" of each message that it handles, "marked <number>" when that is kept,
// "returned <number>" of what came back.
if (args is not [var jid, var password, var host, var port, var roots, var file, var peer, var resume])
{
    Console.Error.WriteLine("usage: NothingLost.Bot <jid> <password> <host> <port> <roots.pem> <store> <peer> <resume: true, false>");
    return 2;
}

var culture = CultureInfo.InvariantCulture;
var output = Console.Out;
var options = new XmppClientOptions
{
    Jid = Jid.Parse(jid),
    Password = password,
    Host = host,
    Port = int.Parse(port, culture),
    Proxy = new WebProxy(),
    Store = new SqliteStore(file),
};
options.TrustedCertificates.ImportFromPemFile(roots);
options.StreamManagement.Resume = bool.Parse(resume);
options.Reconnect.FirstDelay = options.Reconnect.LongestDelay = TimeSpan.FromMilliseconds(200);
options.AddStandardModules();
options.Ensure<CatchUpModule>();

await using var client = new XmppClient(options);
var running = client.RunAsync();
_ = SendAsync();
await foreach (var next in client.ReadEventsAsync())
{
    switch (next)
    {
        case SessionStarted:
            await SayAsync("online");
            break;
        case MessageReceived { Message: { Type: MessageType.Error, Id: { } id } }:
            await SayAsync($"returned {id}");
            break;
        case MessageReceived { Message.Body: { } body }:
            await SayAsync($"begin {body}");
            await SayAsync($"end {body}");
            await next.MarkHandledAsync();
            await SayAsync($"marked {body}");
            continue;
    }

    await next.MarkHandledAsync();
}

await running;
return 0;

async Task SendAsync()
{
    // The console's reader blocks.
    await Task.Yield();
    var to = Jid.Parse(peer);
    while (await Console.In.ReadLineAsync() is { } line)
    {
        var words = line.Split(' ');
        var first = int.Parse(words[1], culture);
        for (var number = first; number < first + int.Parse(words[2], culture); number++)
        {
            var text = number.ToString(culture);
            await client.SendAsync(new Message { To = to, Type = MessageType.Chat, Id = text, Body = text });
            await SayAsync($"accepted {text}");
        }
    }

    await client.CloseAsync();
}

Task SayAsync(string what) => output.WriteLineAsync(what);
