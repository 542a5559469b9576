namespace XmppChatClient.Forms;

/// <summary>One choice of a field that has a list of them (XEP-0004 §3.2).</summary>
/// <param name="Value">What is submitted.</param>
/// <param name="Label">What a person is shown; <see langword="null"/> for the value itself.</param>
public sealed record DataFormOption(string Value, string? Label = null);
