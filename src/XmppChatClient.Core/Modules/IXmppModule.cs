namespace XmppChatClient.Modules;

/// <summary>An extension at work in one client: what it answers, watches and advertises. Found again by its type with
/// <see cref="XmppClient.Get{TModule}"/>.</summary>
public interface IXmppModule
{
    /// <summary>Called once, when the client is made.</summary>
    void Register(ModuleBuilder module);
}
