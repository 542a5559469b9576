using BenchmarkDotNet.Running;
using Benchmarks;
using Benchmarks.Echo;

switch (args)
{
    case ["echo", .. var rest]:
        return await EchoMode.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Inputs).Assembly).Run(args);
        return 0;
}
