using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What is asked of each model: texts that a draft model knows, texts that copy, and texts that nothing foresees.</summary>
internal static class Workloads
{
    private const string Passage =
        "Anna visited the old library on a rainy day. About 340 people came to the old library last week. A ticket for the old library costs 12 euros. " +
        "The work on the old library took 18 days.";

    private const string Notice =
        "The harbour office will be closed from Monday to Thursday next week, because the windows on the second floor are being replaced. Letters and parcels can be left at " +
        "the red door on the east side of the building. Captain Maria Lindqvist answers the telephone from nine in the morning until four in the afternoon at 555-0182.";

    private const string Code =
        """
        public static int CountWords(string text)
        {
            int count = 0;
            bool inWord = false;
            foreach (char letter in text)
            {
                if (char.IsWhiteSpace(letter))
                {
                    inWord = false;
                }
                else if (!inWord)
                {
                    inWord = true;
                    count++;
                }
            }

            return count;
        }
        """;

    private static readonly SamplerPipeline Cool = At(0.7);
    private static readonly SamplerPipeline Warm = At(1);
    private static readonly SamplerPipeline Hot = At(1.5);

    private static readonly string[] Stories =
        ["Tell me a story about a dragon.", "Tell me a story about a cat named Tom.", "Write a short story about a brave robot.", "Tell me a story about a fox."];

    /// <summary>The tiny model was taught to copy passages of up to four sentences, to extract JSON, and to tell stories.</summary>
    public static IReadOnlyList<Workload> OfPocket { get; } =
    [
        new("stories, greedy", SamplerPipeline.Deterministic, Drafting.Model, 96, Stories),
        new("stories, temperature 0.7", Cool, Drafting.Model, 96, Stories),
        new("stories, temperature 1", Warm, Drafting.Model, 96, Stories),
        new("JSON, greedy", SamplerPipeline.Deterministic, Drafting.Both, 96, Extractions),
        new("copying, greedy", SamplerPipeline.Deterministic, Drafting.Lookup, 96, $"Repeat this text exactly: {Passage}", $"Copy the following text: {Passage}"),
        new("extraction, greedy", SamplerPipeline.Deterministic, Drafting.Lookup, 96, Extractions),
        new("stories, temperature 1.5", Hot, Drafting.Both, 96, Stories),
        new("random text", At(3), Drafting.Both, 96, RandomWords),
    ];

    public static IReadOnlyList<Workload> OfSmolLM2 { get; } =
    [
        new("stories, greedy", SamplerPipeline.Deterministic, Drafting.Model, 48, Stories[..2]),
        new("stories, temperature 0.7", Cool, Drafting.Model, 48, Stories[..2]),
        new("stories, temperature 1", Warm, Drafting.Model, 48, Stories[..2]),
        new("copying, greedy", SamplerPipeline.Deterministic, Drafting.Lookup, 96, $"Repeat the following text word for word, and write nothing else.\n\n{Notice}"),
        new("extraction, greedy", SamplerPipeline.Deterministic, Drafting.Lookup, 64,
            $"{Notice}\n\nWho answers the telephone, when, and at which number? Answer with words of the text.", $"{Notice}\n\nQuote the sentence about letters and parcels."),
        new("code editing, greedy", SamplerPipeline.Deterministic, Drafting.Lookup, 128, $"Rename the variable count to total in this method, and write the whole method.\n\n{Code}"),
        new("stories, temperature 1.5", Hot, Drafting.Both, 48, Stories),
        new("random text", At(3), Drafting.Both, 48, RandomWords),
    ];

    private static string[] Extractions =>
    [
        "Extract name, age, city, job, skills as JSON: Alice Smith is 34 years old, lives in Paris, works as a baker and is good at cooking and singing.",
        "Extract name, city, job as JSON: Peter Jones is 51 years old and lives in Rome. Peter works as a teacher and is good at chess.",
    ];

    private static string[] RandomWords => ["lamp seven under quick mossy ten", "blue if stone carry eleven never", "sand hat or three maybe window", "ink some nine walk apple dust"];

    private static SamplerPipeline At(double temperature) => SamplerPipeline.Create(samplers => samplers.Temperature(temperature));
}
