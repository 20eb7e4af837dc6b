namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>All ways of reading a text so far, and what follows from them. Immutable but for the mask, which <see cref="MatcherSpace"/> keeps or takes away.</summary>
internal sealed class Configuration
{
    private readonly OneOrMore<RecognizerThread> _threads;
    private Configuration? _nextInTable;

    public Configuration(ReadOnlySpan<RecognizerThread> threads)
    {
        _threads = new OneOrMore<RecognizerThread>(threads);
        foreach (RecognizerThread thread in threads)
        {
            CanEnd |= thread.CanEnd;
        }
    }

    public ReadOnlySpan<RecognizerThread> Threads => _threads.Items;

    /// <summary>Whether the text may end here.</summary>
    public bool CanEnd { get; }

    /// <summary>The legal tokens, while they are kept.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>Whether the legal tokens were computed before.</summary>
    public bool WasMasked { get; set; }

    /// <summary>Gives up the mask that is kept.</summary>
    public TokenMask TakeMask()
    {
        TokenMask mask = Mask!;
        Mask = null;
        return mask;
    }

    /// <summary>Those of one thread, by that.</summary>
    public readonly struct Links : IChainedLinks<RecognizerThread, Configuration>
    {
        public static RecognizerThread KeyOf(Configuration entry) => entry.Threads[0];

        public static int HashOf(RecognizerThread key) => key.GetHashCode();

        public static ref Configuration? Next(Configuration entry) => ref entry._nextInTable;
    }
}
