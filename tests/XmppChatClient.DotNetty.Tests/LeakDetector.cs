using System.Collections.Concurrent;
using DotNetty.Common;
using DotNetty.Common.Internal.Logging;
using Microsoft.Extensions.Logging;
using XmppChatClient.DotNetty.Tests;

[assembly: AssemblyFixture(typeof(LeakDetector))]

namespace XmppChatClient.DotNetty.Tests;

/// <summary>Has DotNetty follow every buffer from the first test to the last, and fails the run if one was not released.
/// </summary>
public sealed class LeakDetector : IDisposable
{
    private readonly ConcurrentQueue<string> _leaks = [];

    public LeakDetector()
    {
        // Before any other class of DotNetty's is loaded: each keeps the logger it got first.
        InternalLoggerFactory.DefaultFactory = LoggerFactory.Create(logging => logging.AddProvider(new Leaks(_leaks)));
        ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Paranoid;
    }

    public void Dispose()
    {
        // A leak is found when the buffer's finalizer runs.
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(_leaks.IsEmpty, string.Join("\n", _leaks));
    }

    private sealed class Leaks(ConcurrentQueue<string> found) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (text.Contains("LEAK", StringComparison.Ordinal))
            {
                found.Enqueue(text);
            }
        }

        public void Dispose()
        {
        }
    }
}
