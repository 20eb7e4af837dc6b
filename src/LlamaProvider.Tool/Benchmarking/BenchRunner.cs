using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Tool.Benchmarking;

/// <summary>Measures how fast a context evaluates tokens, as llama.cpp's <c>llama-bench</c> does: no text, no choice of tokens, the same arbitrary tokens each time.</summary>
/// <param name="model">The model.</param>
/// <param name="plan">What is measured.</param>
/// <param name="threads">Threads of the context; the runtime's choice when <see langword="null"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class BenchRunner(ILanguageModel model, BenchPlan plan, int? threads, TimeProvider time)
{
    private const int BatchTokens = 512;
    private readonly ModelBatch _batch = new();

    /// <summary>The context that all tests fit into.</summary>
    public ContextOptions ToContextOptions()
    {
        IReadOnlyList<BenchTest> tests = BenchTest.Of(plan);
        int sequences = tests.Max(static test => test.Sequences);
        return new ContextOptions
        {
            ContextLength = Math.Max(sequences, tests.Max(static test => test.Total)),
            Sequences = sequences,
            BatchTokens = Math.Max(BatchTokens, sequences),
            Outputs = sequences,
            Threads = threads,
        };
    }

    /// <summary>Runs each test once for nothing and then as often as the plan says.</summary>
    /// <param name="report">Told the share that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the measuring within a step.</param>
    public IReadOnlyList<BenchRow> Run(IProgress<float> report, CancellationToken cancellationToken)
    {
        using IModelContext context = model.CreateContext(ToContextOptions());
        IReadOnlyList<BenchTest> tests = BenchTest.Of(plan);
        List<BenchRow> rows = [];
        for (int index = 0; index < tests.Count; index++)
        {
            var samples = new double[plan.Repetitions];
            for (int repetition = -1; repetition < samples.Length; repetition++)
            {
                double speed = Measure(context, tests[index], cancellationToken);
                if (repetition >= 0)
                {
                    samples[repetition] = speed;
                }

                report.Report((index + ((repetition + 2f) / (samples.Length + 1))) / tests.Count);
            }

            rows.Add(BenchRow.Of(tests[index], samples));
        }

        return rows;
    }

    private double Measure(IModelContext context, BenchTest test, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        if (test.Kind == BenchTest.Prompt)
        {
            Prefill(context, test.Tokens, cancellationToken);
        }
        else
        {
            Decode(context, test, cancellationToken);
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        for (int sequence = 0; sequence < test.Sequences; sequence++)
        {
            context.Drop(sequence);
        }

        return test.Total / seconds;
    }

    private void Prefill(IModelContext context, int tokens, CancellationToken cancellationToken)
    {
        for (int start = 0; start < tokens; start += context.Limits.BatchTokens)
        {
            int end = Math.Min(tokens, start + context.Limits.BatchTokens);
            _batch.Clear();
            for (int position = start; position < end - 1; position++)
            {
                _batch.Add(Token(position), position, 0);
            }

            _batch.AddOutput(Token(end - 1), end - 1, 0);
            Evaluate(context, cancellationToken);
        }
    }

    private void Decode(IModelContext context, BenchTest test, CancellationToken cancellationToken)
    {
        for (int position = 0; position < test.Tokens; position++)
        {
            _batch.Clear();
            for (int sequence = 0; sequence < test.Sequences; sequence++)
            {
                _batch.AddOutput(Token(position + (31 * sequence)), position, sequence);
            }

            Evaluate(context, cancellationToken);
        }
    }

    private void Evaluate(IModelContext context, CancellationToken cancellationToken)
    {
        EvaluationStatus status = context.Evaluate(_batch, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (status != EvaluationStatus.Completed)
        {
            throw new ToolException($"The model's evaluation ended as '{status}'. --verbose shows what llama.cpp says.");
        }

        // A GPU may still be computing; who reads a row waits for it.
        _ = context.GetLogits(0)[0];
    }

    /// <summary>Arbitrary tokens, spread over the vocabulary.</summary>
    private int Token(int index) => (int)((uint)(index + 1) * 2_654_435_761u % (uint)model.Vocabulary.Count);
}
