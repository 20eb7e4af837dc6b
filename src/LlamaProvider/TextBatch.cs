using System.Runtime.ExceptionServices;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using Microsoft.Extensions.AI;

namespace LlamaProvider;

/// <summary>The texts of one call that generates nothing on their way through the engine: as many at once as it evaluates, the others after them.</summary>
/// <param name="engine">Evaluates them.</param>
/// <param name="toStrategy">What is done with the tokens of a text.</param>
/// <param name="results">What becomes of them, for messages: <c>embeddings were</c>.</param>
/// <param name="priority">How they stand among other requests.</param>
/// <param name="cancellationToken">Ends the call within one step of the engine.</param>
internal sealed class TextBatch<TStrategy>(LlamaEngine engine, Func<int[], TStrategy> toStrategy, string results, int priority, CancellationToken cancellationToken)
    where TStrategy : IDecodingStrategy
{
    private readonly Queue<(GenerationRequest Request, TStrategy Strategy, int Tokens)> _running = [];
    private long _tokens;
    private long _cached;

    /// <summary>The most texts that are evaluated together.</summary>
    public int AtOnce { get; init; } = engine.Limits.Sequences;

    /// <summary>Told of each text that is evaluated, in their order.</summary>
    public Action<TStrategy>? Finished { get; init; }

    /// <summary>One for each text, in their order.</summary>
    public List<TStrategy> Results { get; } = [];

    public UsageDetails Usage => new() { InputTokenCount = _tokens, TotalTokenCount = _tokens, CachedInputTokenCount = _cached };

    /// <summary>Evaluates all texts. On an error those that still run are cancelled.</summary>
    public async Task RunAsync(IEnumerable<int[]> texts)
    {
        try
        {
            foreach (int[] text in texts)
            {
                if (_running.Count >= AtOnce)
                {
                    await FinishOldestAsync().ConfigureAwait(false);
                }

                await SubmitAsync(text).ConfigureAwait(false);
            }

            while (_running.Count > 0)
            {
                await FinishOldestAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            foreach ((GenerationRequest request, _, _) in _running)
            {
                request.Cancel();
            }
        }
    }

    /// <summary>A full queue is an error only when none of its requests is of this call; else one of them ends soon.</summary>
    private async Task SubmitAsync(int[] text)
    {
        TStrategy strategy = toStrategy(text);
        GenerationRequest? request = null;
        while (request is null)
        {
            try
            {
                request = engine.Submit(strategy, priority);
            }
            catch (QueueFullException) when (_running.Count > 0)
            {
                await FinishOldestAsync().ConfigureAwait(false);
            }
        }

        _tokens += text.Length;
        Results.Add(strategy);
        _running.Enqueue((request, strategy, text.Length));
    }

    private async Task FinishOldestAsync()
    {
        (GenerationRequest request, TStrategy strategy, int tokens) = _running.Peek();
        using (cancellationToken.UnsafeRegister(static request => ((GenerationRequest)request!).Cancel(), request))
        {
            await request.Output.WaitAsync().ConfigureAwait(false);
        }

        _running.Dequeue();
        _cached += request.CachedTokens;
        List<int> none = [];
        GenerationEnd end = request.Output.Read(ref none)!;
        if (end.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        if (end.Reason == GenerationEndReason.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(LlamaEngine), $"The engine was disposed before the {results} complete.");
        }

        if (end.Reason == GenerationEndReason.ContextLimit)
        {
            throw new ContextOverflowException(tokens, engine.Limits.Cells);
        }

        Finished?.Invoke(strategy);
    }
}
