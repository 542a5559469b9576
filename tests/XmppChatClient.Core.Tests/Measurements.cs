using System.Diagnostics.Metrics;

namespace XmppChatClient.Core.Tests;

/// <summary>What the client's instruments measure, summed up by instrument and tag, as in
/// <c>xmpp.client.count state=online</c>. The instruments are everybody's: what another test adds is not added in the flow of
/// whoever made this.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly AsyncLocal<object?> _mine = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sums = [];

    public Measurements()
    {
        _mine.Value = this;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "XmppChatClient")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, change, tags, _) =>
        {
            if (_mine.Value == this)
            {
                lock (_gate)
                {
                    var key = instrument.Name + string.Concat(tags.ToArray().Select(t => $" {t.Key}={t.Value}"));
                    _sums[key] = _sums.GetValueOrDefault(key) + change;
                }
            }
        });
        _listener.Start();
    }

    public long this[string key]
    {
        get
        {
            lock (_gate)
            {
                return _sums.GetValueOrDefault(key);
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
