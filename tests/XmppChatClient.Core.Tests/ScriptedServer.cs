using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>Replays a transcript over an in-memory connection: waits for each <c>C:</c> line to come, sends each <c>S:</c>
/// line. <c>{id}</c> stands for the id that the client used last. After the last line it keeps the connection open, or
/// cuts it if that line is <c>S: !cut</c>.</summary>
internal sealed partial class ScriptedServer(string script, ScriptSplit split = ScriptSplit.Whole) : IStreamDialer, IServiceLookup
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly StringBuilder _received = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _matched;
    private string _id = "";

    /// <summary>Ends when the script is through; fails when the client sent something else.</summary>
    public Task Done => _done.Task;

    /// <summary>All that the client sent so far.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToString();
            }
        }
    }

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        _ = PlayAndTellAsync();
        return new(new DuplexStream(_toClient.Reader.AsStream(), _toServer.Writer.AsStream()));
    }

    public Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ServiceRecord>>([]);

    /// <summary>A client of this server that asks for no TLS and, having no account, logs in as nobody.</summary>
    public XmppClientOptions Options(Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Host = "127.0.0.1",
            Tls = TlsMode.Disabled,
            Presence = null,
        };
        options.Reconnect.Enabled = false;
        configure?.Invoke(options);
        options.Connector = new TcpConnector(options, Carrier.Of(this), this);
        return options;
    }

    private async Task PlayAndTellAsync()
    {
        try
        {
            await PlayAsync();
            _done.TrySetResult();
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private async Task PlayAsync()
    {
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "S: !cut")
            {
                await _toClient.Writer.CompleteAsync();
            }
            else if (line.StartsWith("C: ", StringComparison.Ordinal))
            {
                await ExpectAsync(line[3..]);
            }
            else
            {
                await SendAsync(line[3..].Replace("{id}", _id, StringComparison.Ordinal));
            }
        }
    }

    private async Task ExpectAsync(string expected)
    {
        while (true)
        {
            var text = Received;
            var at = text.IndexOf(expected, _matched, StringComparison.Ordinal);
            if (at >= 0)
            {
                _matched = at + expected.Length;
                _id = Ids().Matches(text) is [.., var last] ? last.Groups[1].Value : _id;
                return;
            }

            var result = await _toServer.Reader.ReadAsync();
            lock (_received)
            {
                foreach (var segment in result.Buffer)
                {
                    _received.Append(Encoding.UTF8.GetString(segment.Span));
                }
            }

            _toServer.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted && !Received.Contains(expected, StringComparison.Ordinal))
            {
                throw new Xunit.Sdk.XunitException($"The client never sent {expected}; it sent:\n{Received}");
            }
        }
    }

    private async Task SendAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var start = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var ends = split switch
            {
                ScriptSplit.Bytes => true,
                ScriptSplit.AtTags => bytes[i] == (byte)'>',
                _ => false,
            };
            if (ends || i == bytes.Length - 1)
            {
                await _toClient.Writer.WriteAsync(bytes.AsMemory(start, i + 1 - start));
                start = i + 1;
            }
        }
    }

    [GeneratedRegex("id='([^']+)'")]
    private static partial Regex Ids();
}
