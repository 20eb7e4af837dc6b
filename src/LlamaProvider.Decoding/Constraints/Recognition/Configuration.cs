using System.Runtime.CompilerServices;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>All ways of reading a text so far, and what follows from them. Immutable but for the mask, which <see cref="MatcherSpace"/> keeps or takes away.</summary>
internal sealed class Configuration
{
    // Each place of a text has one, mostly of one thread, so that needs no array.
    private readonly RecognizerThread _only;
    private readonly RecognizerThread[]? _threads;
    private Configuration? _nextInTable;

    public Configuration(RecognizerThread thread)
    {
        _only = thread;
        CanEnd = thread.CanEnd;
    }

    public Configuration(RecognizerThread[] threads)
    {
        _threads = threads;
        CanEnd = Array.Exists(threads, static thread => thread.CanEnd);
    }

    public ReadOnlySpan<RecognizerThread> Threads => _threads ?? new ReadOnlySpan<RecognizerThread>(in _only);

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
        public static RecognizerThread KeyOf(Configuration entry) => entry._only;

        public static int HashOf(RecognizerThread key) => HashCode.Combine(RuntimeHelpers.GetHashCode(key.State), RuntimeHelpers.GetHashCode(key.Stack));

        public static ref Configuration? Next(Configuration entry) => ref entry._nextInTable;
    }
}
