namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What a mask took. Times are in microseconds. Small, lest the collector have more to do with what is measured than with what measures it.</summary>
/// <param name="Elapsed">From the call to its return.</param>
internal readonly record struct MaskTime(float Elapsed)
{
    /// <summary>Without the time for which the garbage collector stopped it; <see cref="float.NaN"/> where no collector runs.</summary>
    public float Unpaused { get; init; } = float.NaN;

    /// <summary>The processor's time for its thread, without the collector's pauses: what another thread or machine took in between is not in it. <see cref="float.NaN"/> where it is not known.</summary>
    public float Processor { get; init; } = float.NaN;

    /// <summary>The instance's number in its row.</summary>
    public int Instance { get; init; }

    /// <summary>The number of the token that it is for in the instance.</summary>
    public int Token { get; init; }

    /// <summary>Managed memory that its thread asked for, in bytes.</summary>
    public int Allocated { get; init; }
}
