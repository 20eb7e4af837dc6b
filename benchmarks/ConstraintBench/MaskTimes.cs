namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Room for what masks took, in few large arrays: small objects of each row would be half of what the garbage collector has to move while masks are measured.</summary>
internal sealed class MaskTimes
{
    private const int ChunkLength = 1 << 16;

    private MaskTime[] _chunk = new MaskTime[ChunkLength];
    private int _start;
    private int _end;

    /// <summary>What was added since the last <see cref="Begin"/>.</summary>
    public ArraySegment<MaskTime> Added => new(_chunk, _start, _end - _start);

    /// <summary>Begins anew, with room for so many.</summary>
    public void Begin(int most)
    {
        if (_chunk.Length - _end < most)
        {
            _chunk = new MaskTime[Math.Max(ChunkLength, most)];
            _end = 0;
        }

        _start = _end;
    }

    public void Add(MaskTime time) => _chunk[_end++] = time;
}
