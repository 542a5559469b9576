using SharpFuzz;
using XmppChatClient.Fuzz;

// Fuzz TARGET            under afl-fuzz, or under libFuzzer with libfuzzer-dotnet
// Fuzz TARGET FILE...    each file once, to see why it failed
if (args is not [var name, .. var files] || !FuzzTargets.All.TryGetValue(name, out var check))
{
    Console.Error.WriteLine($"usage: Fuzz TARGET [FILE...]   TARGET is one of: {string.Join(", ", FuzzTargets.All.Keys.Order())}");
    return 2;
}

foreach (var file in files)
{
    check(File.ReadAllBytes(file));
    Console.WriteLine($"{file}: fine");
}

if (files.Length > 0)
{
    return 0;
}

if (Environment.GetEnvironmentVariable("__LIBFUZZER_SHM_ID") is not null)
{
    Fuzzer.LibFuzzer.Run(bytes => check(bytes.ToArray()));
}
else
{
    // In a process of its own, so that not even a stack overflow ends the fuzzing.
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        check(copy.ToArray());
    });
}

return 0;
