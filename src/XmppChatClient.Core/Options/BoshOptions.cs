namespace XmppChatClient;

/// <summary>How requests are made over BOSH (XEP-0124 v1.11.2).</summary>
public sealed class BoshOptions
{
    /// <summary>Longest the server may hold a request that it has nothing to answer with. Default 45 s; 1 s to 1 h, in whole seconds. Proxies
    /// between here and the server give up a request after 60 s as a rule. A response that is lost without a word is missed that much
    /// later, and <see cref="TimeoutOptions.Connect"/> more.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Whether each request shows that it comes from who made the one before (XEP-0124 §15): of use over <c>http:</c>, against
    /// whoever listens but cannot change what passes, where the server checks it. Default <see langword="false"/>.</summary>
    public bool KeySequence { get; set; }
}
