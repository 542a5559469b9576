using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Bosh;

/// <summary>Takes requests of BOSH to their sessions.</summary>
internal sealed class BoshGateway(XmppTestServer server, XmppTestWebServerOptions options) : IAsyncDisposable
{
    // What the server does not take in any case.
    private const int LongestBody = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, (BoshSession Session, Task Life)> _sessions = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly XmlDocumentReader _reader = new(new XmlLimits { StanzaBytes = LongestBody, Depth = 1024, Attributes = 1024 });

    public BoshLosses Losses { get; } = new();

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            // As Prosody.
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync("<!DOCTYPE html><title>BOSH</title><p>It works.", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        var loss = Losses.Next();
        if (loss == BoshLoss.Request)
        {
            context.Abort();
            return;
        }

        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        var answer = AnswerAsync(bytes.ToArray(), context);
        if (loss == BoshLoss.Silence)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        // Whoever has gone does not get the answer, which is kept.
        string text;
        try
        {
            text = await answer.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        switch (loss)
        {
            case BoshLoss.Response:
                context.Abort();
                return;
            case BoshLoss.BadGateway:
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html><body>502 Bad Gateway</body></html>").ConfigureAwait(false);
                return;
        }

        context.Response.ContentType = "text/xml; charset=utf-8";
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content).ConfigureAwait(false);
    }

    /// <summary>Ends all sessions, as if their clients were gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_sessions.Values.Select(s => s.Life)).ConfigureAwait(false);
    }

    private Task<string> AnswerAsync(byte[] request, HttpContext context)
    {
        XmppElement body;
        try
        {
            body = _reader.Read(request);
        }
        catch (XmppProtocolException)
        {
            return Task.FromResult(BoshText.End("bad-request"));
        }

        if (body.Name != BoshText.Body || BoshRequest.NumberOf(body) is not { } number)
        {
            return Task.FromResult(BoshText.End("bad-request"));
        }

        if (body.Attribute("sid") is { } id)
        {
            return _sessions.TryGetValue(id, out var known)
                ? known.Session.AnswerAsync(body, number) : Task.FromResult(BoshText.End("item-not-found"));
        }

        if (body.Attribute("to") is not { Length: > 0 })
        {
            return Task.FromResult(BoshText.End("improper-addressing"));
        }

        var from = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort} over BOSH";
        var session = new BoshSession(body, number, server.OpenConnection(from, context.Request.IsHttps), options);
        _sessions[session.Id] = (session, LiveAsync(session));
        return session.AnswerAsync(body, number);
    }

    // The client may yet have to be told how it ended, and asks for that again where the answer gets lost: as long as it holds the server
    // for alive.
    private async Task LiveAsync(BoshSession session)
    {
        await session.RunAsync(_stopping.Token).ConfigureAwait(false);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = options.TimeProvider.CreateTimer(
            _ =>
            {
                _sessions.TryRemove(session.Id, out var _);
                told.SetResult();
            },
            null,
            options.BoshWait + options.BoshInactivity,
            Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            await told.Task.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
