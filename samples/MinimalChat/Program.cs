var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSerilog(logging => logging.ReadFrom.Configuration(builder.Configuration)).AddSingleton<ChatRoom>().AddHostedService<XmppMirror>();

// Only where no account is given: an XMPP server in this process, on which everybody may make an account.
var embedded = new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), AllowRegistration = true, TranscriptLength = 0 };
await using var server = string.IsNullOrEmpty(builder.Configuration["Xmpp:Jid"]) ? await XmppTestServer.StartAsync(embedded) : null;
builder.Services.AddXmppClient(o => (server is null ? o : o.UseTestServer(server, server.AddAccount("bot"))).Ensure<RoomModule>())
    .AddMessageHandler<XmppMirror>();
builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5)); // for visitors who do not answer a goodbye
var app = builder.Build();
var room = app.Services.GetRequiredService<ChatRoom>();
var patience = TimeSpan.FromSeconds(app.Configuration.GetValue<double>("Chat:PollSeconds"));
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
app.MapGet("/", () => Results.File(Path.Combine(AppContext.BaseDirectory, "index.html"), "text/html"));
app.MapPost("/poll", async (Guid visitor, Stream body, CancellationToken aborted) =>
    await room.SayAsync(visitor, body, aborted) ? Results.NoContent() : Results.StatusCode(StatusCodes.Status413PayloadTooLarge));
app.MapGet("/poll", async (Guid visitor, long? cursor, CancellationToken aborted) =>
{
    if (cursor is null)
        app.Logger.LogInformation("{Visitor} connected by long polling", visitor);
    if ((cursor ?? room.Last) is var seen && (seen < 0 || seen > room.Last))
        return Results.BadRequest("There is no such cursor: begin without one.");
    (seen, var texts) = await room.ReadAsync(seen, visitor, cursor is null ? TimeSpan.Zero : patience, aborted);
    if (aborted.IsCancellationRequested)
        app.Logger.LogInformation("{Visitor} disconnected", visitor);
    return Results.Ok(new { cursor = seen, texts });
});

app.MapGet("/ws", async Task<IResult> (HttpContext context, CancellationToken aborted) =>
{
    if (!context.WebSockets.IsWebSocketRequest)
        return Results.BadRequest("This is for WebSockets.");
    var (visitor, seen) = (Guid.NewGuid(), room.Last);
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    app.Logger.LogInformation("{Visitor} connected by WebSocket", visitor);
    try
    {
        for (var sending = SendAsync(); socket.State == WebSocketState.Open;)
            if (!await room.SayAsync(visitor, WebSocketStream.CreateReadableMessageStream(socket), aborted))
                await socket.CloseAsync(WebSocketCloseStatus.MessageTooBig, null, aborted);
        if (socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, aborted);
    }
    catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
    {
        app.Logger.LogError("The WebSocket of {Visitor} failed: {Reason}", visitor, e.Message);
    }

    app.Logger.LogInformation("{Visitor} disconnected", visitor);
    return Results.Empty;

    async Task SendAsync()
    {
        while (!room.IsClosing && socket.State == WebSocketState.Open)
        {
            (seen, var texts) = await room.ReadAsync(seen, visitor, patience, aborted);
            foreach (var text in texts)
                await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, aborted);
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, aborted);
    }
});
await app.RunAsync();
