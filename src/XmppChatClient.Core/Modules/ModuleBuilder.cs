using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

/// <summary>What a module registers. Hooks run in the read loop, in the order of the modules: they must not block and must
/// not wait for an answer from the server, which could not arrive. Session starts may wait.</summary>
public sealed class ModuleBuilder
{
    private readonly ModuleSet _modules;

    internal ModuleBuilder(XmppClient client, ModuleSet modules)
    {
        Client = client;
        _modules = modules;
    }

    /// <summary>The client this module is part of.</summary>
    public XmppClient Client { get; }

    /// <summary>Names a feature that this client has (XEP-0030).</summary>
    public ModuleBuilder Advertise(string feature)
    {
        ArgumentException.ThrowIfNullOrEmpty(feature);
        _modules.AddFeature(feature);
        return this;
    }

    /// <summary>Answers requests with that payload, and advertises its namespace as a feature. What the handler returns is
    /// the result's payload, or the error if it is a <see cref="Stanzas.StanzaError"/>. A handler may go on after its first
    /// await, beside the read loop; then the number of those is limited.</summary>
    /// <param name="type">Get or set.</param>
    /// <param name="handler">Called for each well-formed request; a malformed one is answered with bad-request.</param>
    /// <param name="advertise">Whether the payload's namespace is a feature to advertise.</param>
    public ModuleBuilder OnIq<T>(
        IqType type, Func<Iq, T, CancellationToken, ValueTask<IPayload?>> handler, bool advertise = true)
        where T : class, IPayload<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (type is not (IqType.Get or IqType.Set))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Only a get or a set is a request.");
        }

        if (!_modules.TryAdd(new PayloadRoute<T>(type, handler)))
        {
            throw new InvalidOperationException($"Two modules answer a {type} of {T.Name}.");
        }

        return advertise ? Advertise(T.Name.Namespace) : this;
    }

    /// <summary>Sees each message before user code does.</summary>
    /// <param name="hook">Returns <see langword="true"/> when the message is the module's own affair and nobody else's.
    /// </param>
    public ModuleBuilder OnMessage(Func<Message, bool> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _modules.Add(hook);
        return this;
    }

    /// <summary>Knows messages that are copies of others. User code gets a <see cref="CopyReceived"/> then, and no message.</summary>
    /// <param name="read">Given each message that no hook has taken for itself; <see langword="null"/> for what is no copy. Must
    /// not believe anybody but our own server. What is in the store is read with it again.</param>
    public ModuleBuilder OnCopy(Func<Message, CopyReceived?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _modules.Add(read);
        return this;
    }

    /// <summary>Learns of each message that user code gets, live or from <see cref="XmppClient.HandOutAsync"/>, once it is dealt
    /// with: with <see cref="AcknowledgeMode.OnReceive"/> when it has come, with
    /// <see cref="AcknowledgeMode.AfterHandling"/> when it has been handled. Must not block.</summary>
    public ModuleBuilder OnHandled(Action<Message> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _modules.Add(hook);
        return this;
    }

    /// <summary>Tells which messages that are sent ask for a receipt. Whoever sends one waits with
    /// <see cref="SendReceipt.DeliveredAsync"/> for what the module then tells <see cref="XmppClient.SettleDelivery"/>.</summary>
    /// <param name="asks">Given a message to somebody, with its id; runs on the sender's thread.</param>
    public ModuleBuilder OnReceiptRequest(Func<Message, bool> asks)
    {
        ArgumentNullException.ThrowIfNull(asks);
        _modules.AddReceiptRequest(asks);
        return this;
    }

    /// <summary>Sees each presence before user code does.</summary>
    /// <param name="hook">Returns <see langword="true"/> when the presence is the module's own affair and nobody else's.
    /// </param>
    public ModuleBuilder OnPresence(Func<Presence, bool> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _modules.Add(hook);
        return this;
    }

    /// <summary>May change presence that is about to be sent.</summary>
    public ModuleBuilder OnPresenceSending(Func<Presence, Presence> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _modules.Add(hook);
        return this;
    }

    /// <summary>Runs at the start of each new session, after binding and before the first presence, in the order of the
    /// modules. An <see cref="XmppStanzaException"/> or <see cref="XmppTimeoutException"/> is logged and the session goes
    /// on; a resumed session does not start again.</summary>
    public ModuleBuilder OnSessionStart(Func<CancellationToken, ValueTask> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _modules.Add(start);
        return this;
    }

    /// <summary>Has something switched on together with the resource, where the server can (Bind 2, XEP-0386 v1.1.0 §3.2): nothing
    /// falls in between then.</summary>
    /// <param name="feature">What the server calls it.</param>
    /// <param name="request">What asks for it.</param>
    /// <param name="isOn">Told at each start of a session, before <see cref="OnSessionStart"/>, whether it was: otherwise the module
    /// may ask then. Must not block.</param>
    public ModuleBuilder OnBind(string feature, XmppElement request, Action<bool> isOn)
    {
        ArgumentException.ThrowIfNullOrEmpty(feature);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(isOn);
        _modules.Add(new BindFeature(feature, request, isOn));
        return this;
    }

    /// <summary>Finds out, at the start of a session, which messages of a lost one have arrived although they were never
    /// acknowledged. What is sent meanwhile waits behind them.</summary>
    /// <param name="find">Given those of which nothing is known yet, in the order in which they were sent; sets
    /// <see cref="UnacknowledgedMessage.HasArrived"/> of each that it can tell of.</param>
    public ModuleBuilder OnUnacknowledged(
        Func<IReadOnlyList<UnacknowledgedMessage>, CancellationToken, ValueTask> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        _modules.Add(find);
        return this;
    }

    /// <summary>Runs beside the session when one has started or was resumed, to hand out what was missed before it with
    /// <see cref="XmppClient.HandOutAsync"/>. Cancelled when the connection is lost; what it throws is logged.</summary>
    public ModuleBuilder OnCatchUp(Func<CancellationToken, ValueTask> catchUp)
    {
        ArgumentNullException.ThrowIfNull(catchUp);
        _modules.AddCatchUp(catchUp);
        return this;
    }

    /// <summary>Tells whether this module fetches what the server kept while nobody was online, out of the archive, so that the
    /// server need not deliver it: where one does, Bind 2 is used (<see cref="Bind2Use.WhenNothingIsLost"/>).</summary>
    /// <param name="fetches">Asked before each login.</param>
    public ModuleBuilder OnOfflineMessages(Func<bool> fetches)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        _modules.AddOfflineFetch(fetches);
        return this;
    }

    /// <summary>Runs when a session is lost for good; must not block.</summary>
    public ModuleBuilder OnSessionEnd(Action end)
    {
        ArgumentNullException.ThrowIfNull(end);
        _modules.Add(end);
        return this;
    }
}
