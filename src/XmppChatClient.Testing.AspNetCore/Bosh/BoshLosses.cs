namespace XmppChatClient.Testing.Bosh;

/// <summary>What is to get lost.</summary>
internal sealed class BoshLosses
{
    private readonly Lock _gate = new();
    private readonly List<Plan> _plans = [];

    public IDisposable Add(BoshLoss loss, int count, int every)
    {
        var plan = new Plan(this, loss, count, every);
        lock (_gate)
        {
            _plans.Add(plan);
        }

        return plan;
    }

    /// <summary>What becomes of the next request; <see langword="null"/> for nothing.</summary>
    public BoshLoss? Next()
    {
        lock (_gate)
        {
            BoshLoss? loss = null;
            foreach (var plan in _plans)
            {
                loss ??= plan.Next();
            }

            return loss;
        }
    }

    private void Remove(Plan plan)
    {
        lock (_gate)
        {
            _plans.Remove(plan);
        }
    }

    private sealed class Plan(BoshLosses losses, BoshLoss loss, int count, int every) : IDisposable
    {
        private int _seen;

        public BoshLoss? Next() => count > 0 && ++_seen % every == 0 && count-- > 0 ? loss : null;

        public void Dispose() => losses.Remove(this);
    }
}
