using BenchmarkDotNet.Attributes;

namespace Benchmarks;

public class ReadRoster() : ReadBenchmark(Inputs.Roster, Count)
{
    private const int Count = 8;

    [Benchmark(OperationsPerInvoke = Count)]
    public int OurReader() => ReadOurs();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public int XmlReaderAndXElement() => ReadTheirs();
}
