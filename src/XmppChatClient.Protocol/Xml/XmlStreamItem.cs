namespace XmppChatClient.Xml;

/// <summary>What <see cref="XmlStreamReader.TryRead"/> found.</summary>
public enum XmlStreamItem
{
    /// <summary>Nothing whole yet: call again with more bytes.</summary>
    NeedMoreData,

    /// <summary>The stream's opening tag; <see cref="XmlStreamReader.Element"/> has its name and attributes.</summary>
    StreamStart,

    /// <summary>A whole child of the stream.</summary>
    Element,

    /// <summary>A child of the stream that breaks a limit and was passed over; <see cref="XmlStreamReader.Element"/> stands for
    /// it: an element in <see cref="XmlStreamReader.RefusedNamespace"/> with its local name, and the reason as text.</summary>
    Refused,

    /// <summary>The stream's closing tag.</summary>
    StreamEnd,
}
