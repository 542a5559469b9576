using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Benchmarks.Load;

/// <summary>The processor time of another process, all threads and those that have ended, in nanoseconds: the platform's
/// <c>TotalProcessorTime</c> counts hundredths of a second.</summary>
internal static class ProcessClock
{
    // linux/posix-timers.h: a process's clock is its id inverted, with the kind of clock in the lowest three bits.
    private const int AllOfIt = 2;

    public static TimeSpan Read(int processId)
    {
        if (GetTime((~processId << 3) | AllOfIt, out var time) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
