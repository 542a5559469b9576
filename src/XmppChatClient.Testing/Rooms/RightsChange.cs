namespace XmppChatClient.Testing.Rooms;

/// <summary>One change of an administrator's request, judged and not yet done: a role of an occupant or an affiliation of an
/// address.</summary>
internal sealed record RightsChange(Occupant? Occupant, Role Role, Jid? Jid, Affiliation Affiliation, string? Reason);
