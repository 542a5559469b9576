namespace XmppChatClient;

/// <summary>A normalised address and where its domain lies; what is before and after follows from that.</summary>
internal readonly record struct JidText(string Text, ushort DomainStart, ushort DomainEnd)
{
    public static JidText Join(string? local, string domain, string? resource)
    {
        var text = (local, resource) switch
        {
            (null, null) => domain,
            (null, _) => $"{domain}/{resource}",
            (_, null) => $"{local}@{domain}",
            _ => $"{local}@{domain}/{resource}",
        };
        var start = local is null ? 0 : local.Length + 1;
        return new JidText(text, (ushort)start, (ushort)(start + domain.Length));
    }
}
