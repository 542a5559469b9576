using System.Net;
using System.Net.Http.Json;

namespace MinimalChat.Tests;

/// <summary>Somebody at <c>/poll</c>.</summary>
internal sealed class PollVisitor : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly Queue<string> _heard = new();

    private PollVisitor(ChatSite site) => _client = new HttpClient { BaseAddress = new Uri(site.Address), Timeout = Hang.Limit };

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Behind what was heard last.</summary>
    public long Cursor { get; set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<PollVisitor> ConnectAsync(ChatSite site)
    {
        var visitor = new PollVisitor(site);
        Assert.Empty(await visitor.PollAsync(""));
        return visitor;
    }

    public async Task<HttpStatusCode> SayAsync(string text)
    {
        using var content = new StringContent(text);
        using var answer = await _client.PostAsync(new Uri($"/poll?visitor={Id}", UriKind.Relative), content, Token);
        return answer.StatusCode;
    }

    /// <summary>The next message, however many answers hold none.</summary>
    public async Task<string> HearAsync()
    {
        while (_heard.Count == 0)
        {
            foreach (var text in await PollAsync($"&cursor={Cursor}"))
            {
                _heard.Enqueue(text);
            }
        }

        return _heard.Dequeue();
    }

    /// <summary>One answer.</summary>
    public async Task<string[]> PollAsync(string query)
    {
        var answer = await _client.GetFromJsonAsync<Answer>(new Uri($"/poll?visitor={Id}{query}", UriKind.Relative), Token);
        Cursor = answer!.Cursor;
        return answer.Texts;
    }

    /// <summary>What becomes of a question.</summary>
    public async Task<HttpStatusCode> StatusOfAsync(string pathAndQuery)
    {
        using var answer = await _client.GetAsync(new Uri(pathAndQuery, UriKind.Relative), Token);
        return answer.StatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed record Answer(long Cursor, string[] Texts);
}
