namespace XmppChatClient.Sasl;

/// <summary>The client's side of one SASL exchange (RFC 4422): bytes in, bytes out. The same object serves the profiles
/// of RFC 6120 §6 and XEP-0388 v1.0.4. An instance is good for one attempt, on one thread at a time, and after an
/// exception it is spent.</summary>
public interface ISaslMechanism
{
    /// <summary>The registered name, such as <c>SCRAM-SHA-256-PLUS</c>.</summary>
    string Name { get; }

    /// <summary>Begins the exchange. Call once.</summary>
    /// <returns>The initial response; <see langword="null"/> when the server speaks first. An empty one is not the same
    /// as none: RFC 6120 §6.4.2 writes it as <c>=</c>.</returns>
    ReadOnlyMemory<byte>? Start();

    /// <summary>Answers a challenge. SCRAM derives its key here, which may take seconds when the server asks for many
    /// iterations: do not call it where that blocks others.</summary>
    /// <param name="challenge">The decoded challenge. A server may send the mechanism's last message this way instead
    /// of with its success (RFC 4422 §3.6); the answer is then empty.</param>
    /// <returns>The response, perhaps empty; send it either way.</returns>
    /// <exception cref="XmppSecurityException">The server broke the rules of the mechanism, or asked once too
    /// often.</exception>
    /// <exception cref="XmppAuthenticationException">The server said inside the mechanism why it refuses.</exception>
    ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge);

    /// <summary>Call when the server reports success, and trust nothing it says before this returns.</summary>
    /// <param name="additionalData">The decoded data that came with the success; empty when there was none.</param>
    /// <exception cref="XmppSecurityException">The server reports success and has not proven that it knows
    /// us.</exception>
    /// <exception cref="XmppAuthenticationException">The data that came says that the server refuses.</exception>
    void Complete(ReadOnlySpan<byte> additionalData);
}
