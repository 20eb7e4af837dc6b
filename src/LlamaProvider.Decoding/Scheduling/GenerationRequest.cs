using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>One request as its caller holds it: what to generate, where the tokens come out, and the way to cancel.</summary>
internal sealed class GenerationRequest
{
    private readonly Action _wake;
    private readonly Action _ended;
    private volatile bool _cancelled;

    /// <param name="strategy">What to generate.</param>
    /// <param name="streamCapacity">See <see cref="TokenStream"/>.</param>
    /// <param name="wake">Tells the engine that something has changed.</param>
    /// <param name="ended">Tells the engine's admission that the request is over.</param>
    /// <param name="runReader">Runs the reader of the output when there is something to read.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public GenerationRequest(IDecodingStrategy strategy, int? streamCapacity, Action wake, Action ended, Action<Action> runReader, TimeProvider? time = null)
    {
        _wake = wake;
        _ended = ended;
        Strategy = strategy;
        Output = new TokenStream(streamCapacity, wake, runReader, time ?? TimeProvider.System);
    }

    public IDecodingStrategy Strategy { get; }

    public TokenStream Output { get; }

    /// <summary>When things happened to it.</summary>
    public RequestTimes Times { get; init; } = new(0);

    /// <summary>Requests of a higher one are admitted and evaluated first, and give up their cells last.</summary>
    public int Priority { get; init; }

    /// <summary>Whether what its sequences hold at the end is kept until the engine ends.</summary>
    public bool PinsPrefix { get; init; }

    /// <summary>The LoRA adapters that it is evaluated with.</summary>
    public AdapterSet Adapters { get; init; } = AdapterSet.None;

    /// <summary>Told of every batch with a part of the request; <see langword="null"/> when nothing is traced.</summary>
    public TraceLog? Trace { get; init; }

    /// <summary>Tokens that were not evaluated for it, because a kept prefix had them. Written before the first token comes out.</summary>
    public int CachedTokens { get; set; }

    /// <summary>Called once by the engine.</summary>
    public void Complete(GenerationEnd end)
    {
        _ended();
        Output.Complete(end);
    }

    public bool IsCancelled => _cancelled;

    /// <summary>Tells the engine that what the request's strategy waits for is there. Safe from any thread.</summary>
    public void Wake() => _wake();

    /// <summary>Asks the engine to end the request; it does within a step. Safe from any thread and after the end.</summary>
    public void Cancel()
    {
        _cancelled = true;
        _wake();
    }
}
