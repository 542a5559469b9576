using Microsoft.Extensions.Configuration;

namespace XmppChatClient.Hosting;

/// <summary>What was said about the client while services were being registered.</summary>
internal sealed class XmppRegistration(string section)
{
    /// <summary>The configuration section to bind.</summary>
    public string Section { get; } = section;

    public List<Action<XmppClientOptions>> Changes { get; } = [];

    public List<Action<XmppComponentOptions>> ComponentChanges { get; } = [];

    public List<Action<DispatchOptions>> DispatchChanges { get; } = [];

    /// <summary>Who handles messages and presence, in order.</summary>
    public List<Type> MessageHandlers { get; } = [];

    /// <summary>Who is told of sessions, in order.</summary>
    public List<Type> SessionHandlers { get; } = [];

    /// <summary>Reads everything said: configuration first, code after it.</summary>
    /// <param name="defaults">What holds where nothing is said; changed to what is.</param>
    /// <exception cref="XmppConfigurationException">A setting is unknown, unreadable, missing or out of range.</exception>
    public (XmppClientOptions Client, DispatchOptions Dispatch) Read(IConfiguration configuration, XmppClientOptions defaults) =>
        Read(configuration, XmppSettings.Table, Changes, defaults, defaults.Validate);

    /// <summary>As for a client.</summary>
    /// <inheritdoc cref="Read(IConfiguration, XmppClientOptions)"/>
    public (XmppComponentOptions Component, DispatchOptions Dispatch) Read(
        IConfiguration configuration, XmppComponentOptions defaults) =>
        Read(configuration, XmppComponentSettings.Table, ComponentChanges, defaults, defaults.Validate);

    private (TOptions Options, DispatchOptions Dispatch) Read<TOptions>(
        IConfiguration configuration,
        SettingsTable<TOptions> table,
        List<Action<TOptions>> changes,
        TOptions options,
        Action validate)
    {
        var dispatch = new DispatchOptions();
        table.Apply(configuration.GetSection(Section), options, dispatch);
        changes.ForEach(change => change(options));
        DispatchChanges.ForEach(change => change(dispatch));
        try
        {
            validate();
            dispatch.Validate();
        }
        catch (ArgumentException e)
        {
            throw new XmppConfigurationException($"{Section}:{e.Message}");
        }

        return (options, dispatch);
    }
}
