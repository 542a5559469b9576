using System.Net;

namespace XmppChatClient.NothingLost.Kill;

/// <summary>Who a bot is, and where it goes.</summary>
/// <param name="TrustedRoots">A PEM file.</param>
/// <param name="Store">The file of its store.</param>
/// <param name="Peer">Whom it writes to.</param>
/// <param name="Resume">Whether its sessions outlive their connections.</param>
public sealed record MortalBotSettings(
    Jid Jid, string Password, IPEndPoint Server, string TrustedRoots, string Store, Jid Peer, bool Resume);
