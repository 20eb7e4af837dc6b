using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LLama;
using LLama.Common;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.LLamaSharp.Natives;
using Microsoft.Extensions.AI;

namespace LlamaProvider.LLamaSharp.Compare;

/// <summary>One runtime in a process: reads a line with a kind of work and how often, does it, and writes a line with units and seconds (or texts).</summary>
internal sealed class RuntimeServer(LlamaEngine engine, LlamaChatClient client, BareSharpLoop? bare)
{
    public const string LLamaSharp = "llamasharp";
    public const string Own = "own";

    /// <summary>Serves until the input ends.</summary>
    public static int Run(string runtime, string natives, string model, string threads)
    {
        int threadCount = int.Parse(threads, CultureInfo.InvariantCulture);
        LlamaEngineOptions options = Workload.EngineOptions(threadCount);
        if (runtime == Own)
        {
            options.ModelPath = model;
            options.NativeDirectory = natives;
            using LlamaEngine engine = LlamaEngine.LoadAsync(options).GetAwaiter().GetResult();
            using LlamaChatClient client = engine.CreateChatClient();
            new RuntimeServer(engine, client, bare: null).Serve();
        }
        else
        {
            SharpNatives.Load(natives);
            using var weights = LLamaWeights.LoadFromFile(new ModelParams(model));
            using var sharp = new LLamaSharpModel(weights);
            using LlamaEngine engine = LlamaEngine.Create(sharp, options);
            using LlamaChatClient client = engine.CreateChatClient();
            using var bare = new BareSharpLoop(weights, threadCount);
            new RuntimeServer(engine, client, bare).Serve();
        }

        return 0;
    }

    private void Serve()
    {
        ModelDescription model = engine.Model.Description;
        Console.WriteLine(FormattableString.Invariant($"{model.ParameterCount:N0} parameters, {model.ByteCount:N0} bytes"));
        while (Console.ReadLine()?.Split(' ') is [string kind, string count])
        {
            int repeats = int.Parse(count, CultureInfo.InvariantCulture);
            Console.WriteLine(kind == "texts" ? Texts() : Measure(kind, repeats));
        }
    }

    private string Texts() => JsonSerializer.Serialize(Workload.Questions.Select(question => Ask(question, Workload.MaxTokens).Text).ToArray());

    private string Measure(string kind, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        long units = 0;
        for (int i = 0; i < repeats; i++)
        {
            units += kind switch
            {
                "decode" => Workload.Stories.Sum(story => Ask(story, Workload.MaxTokens).Usage!.OutputTokenCount!.Value),
                "bare" => Workload.Stories.Sum(story => (long)bare!.Generate(Prompt(story), Workload.MaxTokens)),
                _ => Ask(Workload.Long, 1).Usage!.InputTokenCount!.Value,
            };
        }

        return FormattableString.Invariant($"{units} {Stopwatch.GetElapsedTime(start).TotalSeconds}");
    }

    private ChatResponse Ask(string question, int maxTokens) => client.GetResponseAsync(question, Workload.Greedy(maxTokens)).GetAwaiter().GetResult();

    private IReadOnlyList<int> Prompt(string question) => client.RenderPrompt([new ChatMessage(ChatRole.User, question)]).Tokens;
}
