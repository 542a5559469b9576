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

    /// <summary>The stream's closing tag.</summary>
    StreamEnd,
}
