namespace XmppChatClient.Testing;

/// <summary>What becomes of a request of BOSH on its way to the server and back.</summary>
public enum BoshLoss
{
    /// <summary>The connection is cut before the server has it.</summary>
    Request,

    /// <summary>The server has it, and the connection is cut instead of its answer.</summary>
    Response,

    /// <summary>The server has it, and a proxy answers 502 in its place.</summary>
    BadGateway,

    /// <summary>The server has it, and nothing comes of its answer while the connection stays.</summary>
    Silence,
}
