using BenchmarkDotNet.Running;
using Benchmarks;
using Benchmarks.Echo;
using Benchmarks.Load;
using Benchmarks.Soak;

switch (args)
{
    case ["echo", .. var rest]:
        return await EchoMode.RunAsync(rest);
    case ["floor", .. var rest]:
        return Floor.Run(rest);
    case ["load", .. var rest]:
        return await LoadMode.RunAsync(rest);
    case ["idle", .. var rest]:
        return await IdleMode.RunAsync(rest);
    case ["soak", .. var rest]:
        return await SoakMode.RunAsync(rest);
    case ["--help"]:
        string[] modes = [LoadOptions.Usage, IdleOptions.Usage, EchoOptions.Usage, Floor.Usage, SoakOptions.Usage];
        Console.WriteLine($"usage: Benchmarks MODE, or what BenchmarkDotNet takes, such as --filter '*'\n\n{string.Join("\n\n", modes)}");
        return 0;
    case ["test-server", .. var rest]:
        return await TestServerSessions.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Inputs).Assembly).Run(args);
        return 0;
}
