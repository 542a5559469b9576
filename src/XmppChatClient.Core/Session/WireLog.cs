using Microsoft.Extensions.Logging;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>Logs every element in and out at Trace, credentials redacted. Costs nothing while that level is off.</summary>
internal sealed partial class WireLog(ILoggerFactory loggerFactory)
{
    private readonly ILogger _logger = loggerFactory.CreateLogger("XmppChatClient.Wire");

    public void Received(XmppElement element)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
        {
            var shown = Redaction.Redact(element);
            LogReceived(shown);
        }
    }

    public void Sent(IXmlWritable element)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
        {
            var shown = Redaction.Redact(XmppElement.From(element));
            LogSent(shown);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Trace, Message = "<< {Element}")]
    private partial void LogReceived(XmppElement element);

    [LoggerMessage(EventId = 2, Level = LogLevel.Trace, Message = ">> {Element}")]
    private partial void LogSent(XmppElement element);
}
