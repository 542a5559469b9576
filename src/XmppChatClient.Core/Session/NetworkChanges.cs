using System.Net.NetworkInformation;

namespace XmppChatClient.Session;

/// <summary>What the platform says of the network. Its events hold on to whoever listens, so nobody does for longer than a
/// wait.</summary>
internal sealed class NetworkChanges : INetworkChanges
{
    public static NetworkChanges Instance { get; } = new();

    public IDisposable Watch(Action changed) => new Subscription(changed);

    private sealed class Subscription : IDisposable
    {
        private readonly Action _changed;

        public Subscription(Action changed)
        {
            _changed = changed;
            try
            {
                NetworkChange.NetworkAddressChanged += OnAddressChanged;
                NetworkChange.NetworkAvailabilityChanged += OnAvailabilityChanged;
            }
            catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
            {
                // A sandbox without such news: then the wait is as long as it is.
            }
        }

        // Taking back what was never given is no error.
        public void Dispose()
        {
            NetworkChange.NetworkAddressChanged -= OnAddressChanged;
            NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
        }

        private void OnAddressChanged(object? sender, EventArgs e) => _changed();

        private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e)
        {
            if (e.IsAvailable)
            {
                _changed();
            }
        }
    }
}
