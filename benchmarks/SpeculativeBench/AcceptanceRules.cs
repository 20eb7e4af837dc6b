using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Native;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>
/// How probable it is that a drafted token is accepted, by ours and by llama.cpp's rule, counted out at the same places of the same answers: rejection sampling accepts with Σ min(p, q);
/// llama.cpp accepts where the token that the model draws is the drafted one, which is Σ p·q for a drawn draft and p(argmax q) for the most probable one.
/// </summary>
internal static class AcceptanceRules
{
    private static readonly double[] Temperatures = [0.7, 1.0];

    public static void Add(BenchmarkReport report, ModelPair pair, LlamaCppModel model, LlamaCppModel draft, bool quick)
    {
        var prompts = new ChatPromptBuilder(model, null, TimeProvider.System);
        string[] questions = [.. pair.Workloads.SelectMany(workload => workload.Questions).Distinct().Take(quick ? 4 : 8)];
        foreach (double temperature in Temperatures)
        {
            (double ours, double drawn, double likeliest, int places) = (0, 0, 0, 0);
            for (int i = 0; i < questions.Length; i++)
            {
                List<int> prompt = prompts.Build([new ChatMessage(ChatRole.User, questions[i])], null);
                using var p = new RowReader(model, prompt);
                using var q = new RowReader(draft, prompt);
                var random = new Random(i);
                for (int count = 0; count < 48; count++, places++)
                {
                    float[] target = p.Probabilities(temperature, model.Vocabulary.Count);
                    float[] drafted = q.Probabilities(temperature, model.Vocabulary.Count);
                    ours += target.Zip(drafted, Math.Min).Sum();
                    drawn += target.Zip(drafted, (x, y) => (double)x * y).Sum();
                    likeliest += target[LogitScan.IndexOfMax(drafted)];
                    int next = Draw(target, random);
                    if (model.Vocabulary.IsEndOfGeneration(next))
                    {
                        break;
                    }

                    p.Append(next);
                    q.Append(next);
                }
            }

            string figure = FormattableString.Invariant($"acceptance at temperature {temperature:0.0}, {pair.Name}");
            report.Rows.Add(Row(figure, ours / places, "llama.cpp's rule, drawn draft", drawn / places));
            report.Rows.Add(Row(figure, ours / places, "llama.cpp's rule, most probable draft", likeliest / places));
        }
    }

    private static BenchmarkRow Row(string figure, double ours, string peer, double value) => new(figure, ours, peer, value, "share", ours / value, [ours / value, ours / value]);

    private static int Draw(float[] probabilities, Random random)
    {
        double left = random.NextDouble();
        for (int token = 0; token < probabilities.Length; token++)
        {
            left -= probabilities[token];
            if (left < 0)
            {
                return token;
            }
        }

        return LogitScan.IndexOfMax(probabilities);
    }

    /// <summary>A model's probabilities behind a growing text.</summary>
    private sealed class RowReader : IDisposable
    {
        private readonly IModelContext _context;
        private readonly ModelBatch _batch = new();
        private int _length;

        public RowReader(LlamaCppModel model, List<int> prompt)
        {
            _context = model.CreateContext(new ContextOptions { ContextLength = 1024, Sequences = 1, BatchTokens = 512, Threads = ContextPlan.DefaultThreads(model) });
            foreach (int token in prompt[..^1])
            {
                _batch.Add(token, _length++, 0);
            }

            Append(prompt[^1]);
        }

        public void Append(int token)
        {
            _batch.AddOutput(token, _length++, 0);
            _context.Evaluate(_batch);
            _batch.Clear();
        }

        public float[] Probabilities(double temperature, int count)
        {
            float[] row = [.. _context.GetLogits(0)[..count]];
            float most = row.Max();
            double total = 0;
            for (int token = 0; token < row.Length; token++)
            {
                row[token] = (float)Math.Exp((row[token] - most) / temperature);
                total += row[token];
            }

            return [.. row.Select(weight => (float)(weight / total))];
        }

        public void Dispose() => _context.Dispose();
    }
}
