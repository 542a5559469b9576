namespace XmppChatClient.Receipts;

/// <summary>Whom to tell that a message has come. Whoever is told knows that we are online (XEP-0184 §6).</summary>
public enum ReceiptPolicy
{
    /// <summary>Everybody who asks. The default: a bot that answers shows as much.</summary>
    AnswerAll,

    /// <summary>Those who see our presence anyway, by the roster.</summary>
    AnswerSubscribers,

    /// <summary>Nobody.</summary>
    AnswerNobody,
}
