using Microsoft.Extensions.Configuration;

namespace XmppChatClient.Hosting;

/// <summary>What was said about the client while services were being registered.</summary>
internal sealed class XmppRegistration(string section)
{
    /// <summary>The configuration section to bind.</summary>
    public string Section { get; } = section;

    public List<Action<XmppClientOptions>> Changes { get; } = [];

    public List<Action<DispatchOptions>> DispatchChanges { get; } = [];

    /// <summary>Who handles messages and presence, in order.</summary>
    public List<Type> MessageHandlers { get; } = [];

    /// <summary>Who is told of sessions, in order.</summary>
    public List<Type> SessionHandlers { get; } = [];

    /// <summary>Reads everything said: configuration first, code after it.</summary>
    /// <exception cref="XmppConfigurationException">A setting is unknown, unreadable, missing or out of range.</exception>
    public (XmppClientOptions Client, DispatchOptions Dispatch) Read(IConfiguration configuration, XmppClientOptions defaults)
    {
        var dispatch = new DispatchOptions();
        var section = configuration.GetSection(Section);
        XmppSettings.Apply(section, defaults, dispatch);
        Changes.ForEach(change => change(defaults));
        DispatchChanges.ForEach(change => change(dispatch));
        try
        {
            defaults.Validate();
            dispatch.Validate();
        }
        catch (ArgumentException e)
        {
            throw new XmppConfigurationException($"{Section}:{e.Message}");
        }

        return (defaults, dispatch);
    }
}
