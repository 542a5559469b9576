using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using XmppChatClient.Hosting;

namespace XmppChatClient;

/// <summary>Adds to a client registered with <c>AddXmppClient</c>.</summary>
public sealed class XmppBuilder
{
    internal XmppBuilder(IServiceCollection services, XmppRegistration registration)
    {
        Services = services;
        Registration = registration;
    }

    public IServiceCollection Services { get; }

    internal XmppRegistration Registration { get; }

    /// <summary>Has messages and presence handled by <typeparamref name="THandler"/>; session starts and ends too if it is an
    /// <see cref="ISessionHandler"/>. Registered as scoped unless it is registered already. Several handlers run in the
    /// order of their registration; one that is added twice runs once.</summary>
    public XmppBuilder AddMessageHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : class, IMessageHandler
    {
        Services.TryAddScoped<THandler>();
        AddOnce(Registration.MessageHandlers, typeof(THandler));
        if (typeof(ISessionHandler).IsAssignableFrom(typeof(THandler)))
        {
            AddOnce(Registration.SessionHandlers, typeof(THandler));
        }

        return this;
    }

    /// <summary>Tells <typeparamref name="THandler"/> of session starts and ends. Registered as scoped unless it is
    /// registered already.</summary>
    public XmppBuilder AddSessionHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : class, ISessionHandler
    {
        Services.TryAddScoped<THandler>();
        AddOnce(Registration.SessionHandlers, typeof(THandler));
        return this;
    }

    /// <summary>Changes how messages are handed to handlers.</summary>
    public XmppBuilder ConfigureDispatch(Action<DispatchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Registration.DispatchChanges.Add(configure);
        return this;
    }

    private static void AddOnce(List<Type> handlers, Type handler)
    {
        if (!handlers.Contains(handler))
        {
            handlers.Add(handler);
        }
    }
}
