namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>An endpoint that does with each connection what a test says.</summary>
internal sealed class WebEnd : LoopbackEnd
{
    private readonly Func<WebVisit, Task> _serve;

    private WebEnd(Func<WebVisit, Task> serve)
        : base(TransportKind.WebSocket, "ws")
    {
        _serve = serve;
        Accept();
    }

    /// <param name="serve">Its failures come out where the endpoint is disposed.</param>
    public static WebEnd Start(Func<WebVisit, Task> serve) => new(serve);

    protected override Task ServeAsync(Stream connection) => _serve(new WebVisit(connection));
}
