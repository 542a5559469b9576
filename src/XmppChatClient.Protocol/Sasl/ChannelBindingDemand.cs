namespace XmppChatClient.Sasl;

/// <summary>How much a login insists on channel binding.</summary>
public enum ChannelBindingDemand
{
    /// <summary>Used wherever both sides can. A server whose announced types we all lack is logged into without; if it
    /// sends the hash of XEP-0474, a stripped list is still found out.</summary>
    Preferred,

    /// <summary>As <see cref="Preferred"/>, but a server whose types we all lack must prove its list with the hash of
    /// XEP-0474 v0.5.0, or the login is given up.</summary>
    Proven,

    /// <summary>No password is used without channel binding. EXTERNAL is: TLS itself ties it to the
    /// connection.</summary>
    Required,
}
