using Microsoft.Extensions.Logging;

namespace XmppChatClient.Negotiation;

/// <summary>What there is to say of logins.</summary>
internal sealed partial class LoginLog(ILoggerFactory loggerFactory)
{
    private readonly ILogger _logger = loggerFactory.CreateLogger("XmppChatClient.Login");

    [LoggerMessage(EventId = 90, Level = LogLevel.Debug, Message = "Logged in with {Mechanism} ({Profile})")]
    public partial void LoggedIn(string mechanism, string profile);

    [LoggerMessage(EventId = 91, Level = LogLevel.Information, Message = "The server does not take the token, and gets a proof of the password instead: {Reason}")]
    public partial void TokenRefused(string reason);

    [LoggerMessage(EventId = 92, Level = LogLevel.Warning, Message = "Logged in without what the server offered before, as AllowDowngrade says: {Missing}")]
    public partial void Downgraded(LoginPins missing);
}
