using XmppChatClient.Modules;

namespace XmppChatClient.Core.Tests;

/// <summary>A module that registers what the test says.</summary>
internal sealed class FakeModule(Action<ModuleBuilder> register) : IXmppModule
{
    public void Register(ModuleBuilder module) => register(module);
}
