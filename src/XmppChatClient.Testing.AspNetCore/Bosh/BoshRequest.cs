using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Bosh;

/// <summary>A request that waits for its answer.</summary>
internal sealed class BoshRequest(XmppElement body, long number, long arrived)
{
    public XmppElement Body { get; } = body;

    public long Number { get; } = number;

    /// <summary>When it came.</summary>
    public long Arrived { get; } = arrived;

    public bool IsEnd => Body.Attribute("type") == "terminate";

    public bool IsRestart => Body.Attribute(BoshText.Restart) is "true" or "1";

    public bool IsPause => Body.Attribute("pause") is not null;

    /// <summary>Whether it only asks for what there is.</summary>
    public bool IsEmpty => Body.Elements.ToArray().Length == 0 && !IsEnd && !IsRestart && !IsPause;

    /// <summary>The whole answer. A request that came again takes the place of the one before.</summary>
    public TaskCompletionSource<string> Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns><see langword="null"/> when it has no usable number.</returns>
    public static long? NumberOf(XmppElement body) =>
        long.TryParse(body.Attribute("rid"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1L << 53 ? number : null;
}
