using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Templates;

namespace LlamaProvider.Benchmarks.Runtime;

/// <summary>Time to render a conversation of 20 messages, warm, on the Qwen3 template where the reference data has it.</summary>
internal static class TemplateBench
{
    private const string Template = "Qwen-Qwen3-0.6B.jinja";
    private const int Renders = 50;

    public static void Run(BenchmarkOptions options, BenchmarkReport report)
    {
        string reference = Environment.GetEnvironmentVariable("LLAMA_REFERENCE_DIR") ?? Path.Combine(BenchmarkOptions.RepositoryRoot, "..", "shared", "golden");
        string file = Path.Combine(reference, "..", "data", "templates", Template);
        if (!File.Exists(file))
        {
            return;
        }

        ChatTemplate template = ChatTemplate.Compile(File.ReadAllText(file));
        ChatTemplateInput input = CreateInput();
        var samples = new double[options.Rounds * 20];
        for (int i = -samples.Length; i < samples.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int render = 0; render < Renders; render++)
            {
                template.Render(input);
            }

            if (i >= 0)
            {
                samples[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Renders;
            }
        }

        report.Rows.Add(new BenchmarkRow(
            $"render 20 messages, {Path.GetFileNameWithoutExtension(Template)}", Comparison.Median(samples), null, null, "µs", null, null, "no other .NET engine for this dialect"));
    }

    private static ChatTemplateInput CreateInput() => new()
    {
        Messages =
        [
            .. Enumerable.Range(0, 20).Select(i => new ChatTemplateMessage
            {
                Role = i % 2 == 0 ? "user" : "assistant",
                Content = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 20)),
            }),
        ],
        Now = DateTimeOffset.UnixEpoch,
    };
}
