namespace XmppChatClient.Testing.Streams;

/// <summary>The two-way bytes of a connection.</summary>
/// <param name="Stream">Read and written at the same time; disposing it ends both.</param>
/// <param name="CloseOutput">Ends what the peer reads, and leaves open what it writes.</param>
/// <param name="Description">Where the peer is, for the transcript.</param>
internal sealed record Wire(Stream Stream, Action CloseOutput, string Description);
