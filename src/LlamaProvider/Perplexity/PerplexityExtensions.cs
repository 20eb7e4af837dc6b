using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;

namespace LlamaProvider.Perplexity;

/// <summary>Measures how well a model expects a text.</summary>
public static class PerplexityExtensions
{
    /// <summary>Measures the perplexity of a text.</summary>
    /// <remarks>
    /// The method is that of llama.cpp's <c>perplexity</c> tool: the text, after a beginning-of-text token where the model was trained with one, is cut into windows; that token takes the place of each
    /// window's first one; the tokens after the middle of a window are scored; what is left after the last whole window is not. The windows are requests of the engine and share its batches with others;
    /// as many run at once as it has sequences and cells for. Steps with many outputs are faster: <see cref="LlamaEngineOptions.HiddenStateTokens"/> bounds those too.
    /// </remarks>
    /// <param name="engine">The engine.</param>
    /// <param name="text">The text, of at least two windows.</param>
    /// <param name="options">How; defaults when <see langword="null"/>.</param>
    /// <param name="progress">Told after each window.</param>
    /// <param name="cancellationToken">Ends the call within one step of the engine.</param>
    /// <returns>The perplexity, in all and of each window.</returns>
    /// <exception cref="InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    /// <exception cref="PerplexityInputException">The text has fewer tokens than two windows.</exception>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may, and none of them is of this call.</exception>
    /// <exception cref="EvaluationFailedException">The back end failed, or gave no finite values.</exception>
    public static Task<PerplexityResult> PerplexityAsync(
        this LlamaEngine engine,
        string text,
        PerplexityOptions? options = null,
        IProgress<PerplexityProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(text);
        options ??= new PerplexityOptions();
        options.Validate(engine.Limits.Cells);
        return PerplexityRun.RunAsync(engine, text, options, progress, cancellationToken);
    }
}
