using BenchmarkDotNet.Running;
using Benchmarks;

switch (args)
{
    case ["echo", .. var rest]:
        return await EchoMode.RunAsync(rest);
    case ["server", .. var rest]:
        return await ServerMode.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Inputs).Assembly).Run(args);
        return 0;
}
