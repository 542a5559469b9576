using BenchmarkDotNet.Attributes;

namespace Benchmarks;

public class ReadChatMessage() : ReadBenchmark(Inputs.ChatMessage, Count)
{
    private const int Count = 4096;

    [Benchmark(OperationsPerInvoke = Count)]
    public int OurReader() => ReadOurs();

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public int XmlReaderAndXElement() => ReadTheirs();
}
