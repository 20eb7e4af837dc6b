using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>The sizes of a context: cells, tokens of a batch, tokens of one graph, sequences, outputs of a batch.</summary>
internal readonly record struct ContextSizes(int Length, int BatchTokens, int MicroBatchTokens, int Sequences, int Outputs)
{
    /// <summary>The most tokens that llama.cpp computes in one graph; larger batches are cut into parts of this size.</summary>
    private const int GraphTokens = 512;

    /// <summary>The sizes that llama.cpp is asked for.</summary>
    public static ContextSizes Of(ContextOptions options, int length, bool evaluatesWholeTexts)
    {
        int batchTokens = Math.Min(options.BatchTokens, length);
        int sequences = options.Sequences + options.KeptSequences;

        // llama.cpp ends the process when there are fewer outputs than sequences.
        int outputs = Math.Min(Math.Max(options.Outputs ?? 2 * options.Sequences, sequences), batchTokens);

        // A text that is evaluated whole must not be cut: llama.cpp ends the process.
        return new ContextSizes(length, batchTokens, evaluatesWholeTexts ? batchTokens : Math.Min(batchTokens, GraphTokens), sequences, outputs);
    }
}

/// <summary>What llama.cpp is asked for to get a context: the options, with everything checked that would end the process or be noticed too late, and the defaults filled in.</summary>
internal readonly record struct ContextPlan(ContextSizes Sizes, int Threads, int PromptThreads)
{
    private const long TinyModelBytes = 32L << 20;

    /// <summary>Checks the options for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="cellsInMemory">Whether all keys and values lie in the process's own memory.</param>
    /// <exception cref="ContextCreationException">An option is out of its range, or there is less memory than needed.</exception>
    public static ContextPlan Create(ILanguageModel model, ContextOptions options, bool cellsInMemory)
    {
        options.Validate();
        int length = options.ContextLength ?? model.Description.TrainedContextLength;
        if (length == 0)
        {
            throw new ContextCreationException(
                $"'{model.Description.Name}' does not say for how long a context it was trained. Set {nameof(ContextOptions.ContextLength)}.");
        }

        int sequences = options.Sequences + options.KeptSequences;
        if (length < sequences)
        {
            throw new ContextCreationException(
                $"{nameof(ContextOptions.ContextLength)} is {length}, but must be at least the number of sequences ({sequences}). Raise the one or lower the other.");
        }

        if (cellsInMemory)
        {
            KvMemoryEstimate.CheckFits(model, length, options);
        }

        int threads = options.Threads ?? DefaultThreads(model);
        return new ContextPlan(ContextSizes.Of(options, length, model.Capabilities.EvaluatesWholeTexts), threads, options.PromptThreads ?? threads);
    }

    /// <summary>Physical cores, but one for a tiny model: its threads would spend their time waiting for each other.</summary>
    public static int DefaultThreads(ILanguageModel model) => model.Description.ByteCount < TinyModelBytes ? 1 : PhysicalCores.Count;
}
