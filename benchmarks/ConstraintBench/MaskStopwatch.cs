using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Measures one mask.</summary>
/// <param name="readsProcessor">Whether to read the thread's clock too, a call into the kernel that leaves caches colder for what is measured.</param>
internal readonly partial struct MaskStopwatch(bool readsProcessor)
{
    private const int ThreadProcessorTime = 3;

    private readonly bool _readsProcessor = readsProcessor;
    private readonly long _allocated = GC.GetAllocatedBytesForCurrentThread();
    private readonly double _processor = readsProcessor ? Processor() : double.NaN;
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>What has passed since the start.</summary>
    public MaskTime Stop()
    {
        double elapsed = Stopwatch.GetElapsedTime(_start).TotalMicroseconds;
        double paused = (GC.GetTotalPauseDuration() - _paused).TotalMicroseconds;
        double processor = _readsProcessor ? Processor() - _processor : double.NaN;
        return new MaskTime((float)elapsed)
        {
            Unpaused = (float)(elapsed - paused),

            // The workstation collector works on the thread that it stops. What the clocks themselves take does not count.
            Processor = (float)Math.Clamp(processor - paused, 0, Math.Max(0, elapsed - paused)),
            Allocated = (int)(GC.GetAllocatedBytesForCurrentThread() - _allocated),
        };
    }

    // Microseconds; other systems count too coarsely.
    private static double Processor() =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadProcessorTime, out TimeSpec time) == 0 ? (time.Seconds * 1e6) + (time.Nanoseconds / 1e3) : double.NaN;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
