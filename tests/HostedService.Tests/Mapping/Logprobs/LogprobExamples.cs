using System.Text;
using HostedService.Mapping.Logprobs;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;

namespace HostedService.Tests.Mapping.Logprobs;

/// <summary>A vocabulary of some words, and choices among them. A name has a character for each byte.</summary>
internal static class LogprobExamples
{
    private static readonly string[] Names = ["Hello", " wor", "ld", "\n", "\xF0\x9F", "\x98\x80", "<think>", "</think>", "<|mark|>", "<|end|>"];

    public static Vocabulary Vocabulary { get; } = new(
        Names.Select(static name => new VocabularyEntry(Encoding.Latin1.GetBytes(name), name switch
        {
            "<|mark|>" => TokenAttributes.Control,
            "<|end|>" => TokenAttributes.Control | TokenAttributes.EndOfGeneration,
            _ => TokenAttributes.None,
        })),
        new SpecialTokens());

    public static ShownTokens Create() => new(Vocabulary);

    public static TokenStep[] Steps(params string[] names) => [.. names.Select(static (name, position) => Step(name, position))];

    /// <summary>The choice of a token that the model gives a half, before others.</summary>
    public static TokenStep Step(string name, int position = 0, double logProbability = -0.75, params (string Name, double Probability)[] alternatives)
    {
        var model = new TraceDistribution
        {
            Candidates = Names.Length,
            Entropy = 1,
            Top = [.. alternatives.Select(static other => new TraceCandidate(Id(other.Name), Vocabulary.GetText(Id(other.Name)), other.Probability))],
            Rest = 0,
        };
        return new TokenStep
        {
            Evaluation = position,
            Position = position,
            Token = new TraceToken(Id(name), Vocabulary.GetText(Id(name))),
            IsEnd = name == "<|end|>",
            Probability = 1,
            Rank = 1,
            LogProbability = logProbability,
            ModelRank = 1,
            Final = model,
            Model = model,
            Stages = [],
        };
    }

    public static string Name(ShownToken token) => Names[token.Choice.Token.Id];

    private static int Id(string name) => Array.IndexOf(Names, name);
}
