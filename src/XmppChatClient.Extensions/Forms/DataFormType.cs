namespace XmppChatClient.Forms;

/// <summary>What a form is for (XEP-0004 §3.1).</summary>
public enum DataFormType
{
    /// <summary>To be filled in.</summary>
    Form,

    /// <summary>Filled in.</summary>
    Submit,

    /// <summary>Not filled in, and not to be.</summary>
    Cancel,

    /// <summary>Data, with nothing to fill in.</summary>
    Result,
}
