using BenchmarkDotNet.Attributes;

namespace Benchmarks;

public class ReadRoomPresence() : ReadBenchmark(Inputs.RoomPresence, Count)
{
    private const int Count = 2048;

    [Benchmark(OperationsPerInvoke = Count)]
    public int OurReader() => ReadOurs();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public int XmlReaderAndXElement() => ReadTheirs();
}
