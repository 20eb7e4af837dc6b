using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Drafts;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Models of eight tokens, whose answers of three tokens can be counted out.</summary>
internal static class LetterModels
{
    public const int Tokens = 3;
    private static readonly int[] Prompt = [6, 7];

    public static string[] Pipelines { get; } = ["temperature", "hot", "top-p", "penalties", "regex", "grammar", "schema", "mirostat", "adaptive"];

    /// <summary>a … g are 1 … 7, and 0 ends.</summary>
    public static Vocabulary Letters { get; } = Create("a", "b", "c", "d", "e", "f", "g");

    /// <summary>Parts of JSON, some of which can be spelled in two ways.</summary>
    private static Vocabulary Json { get; } = Create("{\"a\":", "1", "2", "12", "1}", "}", "\"x\"");

    /// <summary>The tokens that a pipeline is tried with.</summary>
    public static Vocabulary VocabularyOf(string name) => name == "schema" ? Json : Letters;

    /// <summary>Logits from 0 to 3 that follow from the prefix.</summary>
    public static ScriptedModel Random(Vocabulary vocabulary, int salt) => new(vocabulary, (prefix, logits) =>
    {
        uint state = 2166136261u * (uint)salt;
        foreach (int token in prefix)
        {
            state = (state ^ (uint)token) * 16777619;
        }

        foreach (ref float logit in logits)
        {
            state = (state * 1664525) + 1013904223;
            logit = (state >> 8) / (float)(1 << 24) * 3;
        }
    });

    public static TokenSampler Sampler(string name, ulong seed) => SpeculativeRun.Sampler(
        VocabularyOf(name),
        name switch
        {
            "temperature" => SamplerPipeline.Create(s => s.Temperature(0.7)),
            "hot" => SamplerPipeline.Create(s => s.Temperature(1.3)),
            "top-p" => SamplerPipeline.Create(s => s.TopP(0.7).Temperature(1)),
            "penalties" => SamplerPipeline.Create(s => s.Penalties(1.4, 0.5, 0.5).Temperature(0.8)),
            "mirostat" => SamplerPipeline.Create(s => s.MirostatV2(1.5, 0.5)),
            "adaptive" => SamplerPipeline.Create(s => s.AdaptiveP(0.4)),
            _ => SamplerPipeline.Create(s => s.Temperature(1)),
        },
        Prompt,
        seed,
        DefinitionOf(name)?.Compile(new ConstraintVocabulary(VocabularyOf(name)), ConstraintLimits.Default).CreateMatcher());

    private static GrammarBasedDefinition? DefinitionOf(string name) => name switch
    {
        "regex" => new RegexDefinition("[a-c](?:[d-g][ab]?)?"),
        "grammar" => new GrammarDefinition("root ::= [ab] root [fg] | [cd]"),
        "schema" => new JsonSchemaDefinition(
            """{"type":"object","properties":{"a":{"anyOf":[{"type":"integer","minimum":1,"maximum":21},{"const":"x"}]}},"required":["a"],"additionalProperties":false}""",
            JsonSchemaOptions.Default),
        _ => null,
    };

    private static Vocabulary Create(params string[] tokens) => new(
        [
            new("<end>"u8.ToArray(), TokenAttributes.Control | TokenAttributes.EndOfGeneration),
            .. tokens.Select(token => new VocabularyEntry(System.Text.Encoding.UTF8.GetBytes(token))),
        ],
        new SpecialTokens { EndOfText = 0 });

    /// <summary>The probability of every answer, one token after the other.</summary>
    public static Dictionary<string, double> Answers(ScriptedModel model, TokenSampler sampler)
    {
        var answers = new Dictionary<string, double>();
        Plain(sampler, 1);
        return answers;

        void Plain(TokenSampler at, double probability)
        {
            foreach ((int token, double chance) in Choices(at, model, out _))
            {
                if (Take(at, model, token, probability * chance, answers) is { } next)
                {
                    Plain(next, probability * chance);
                }
            }
        }
    }

    /// <summary>The probability of every answer when each step drafts some tokens of another model and verifies them: all drafts, acceptances and residuals counted out.</summary>
    public static Dictionary<string, double> SpeculativeAnswers(ScriptedModel model, ScriptedModel draft, TokenSampler sampler, int length, out double accepted)
    {
        var answers = new Dictionary<string, double>();
        double firstAccepted = 0;
        DraftOn(sampler, sampler, [], 1);
        accepted = firstAccepted;
        return answers;

        void DraftOn(TokenSampler start, TokenSampler at, (int Token, DraftDistribution Distribution)[] drafted, double probability)
        {
            int room = Tokens - 1 - (start.Tokens.Length - Prompt.Length);
            if (drafted.Length == Math.Min(length, room) || (drafted.Length > 0 && drafted[^1].Token == 0))
            {
                Verify(start, drafted, probability);
                return;
            }

            foreach ((int token, double chance) in Choices(at, draft, out DraftDistribution distribution))
            {
                TokenSampler next = at.Fork();
                if (token != 0)
                {
                    next.Accept(token);
                }

                DraftOn(start, next, [.. drafted, (token, distribution)], probability * chance);
            }
        }

        void Verify(TokenSampler at, ReadOnlySpan<(int Token, DraftDistribution Distribution)> drafted, double probability)
        {
            (int Token, double Chance)[] choices = Choices(at, model, out DraftDistribution p);
            double acceptance = 0;
            if (!drafted.IsEmpty)
            {
                (int token, DraftDistribution q) = drafted[0];
                acceptance = RejectionSampling.Acceptance(p[token], q[token]);
                firstAccepted += at.Tokens.Length == Prompt.Length ? probability * acceptance : 0;
                if (acceptance > 0 && Take(at, model, token, probability * acceptance, answers) is { } next)
                {
                    Verify(next, drafted[1..], probability * acceptance);
                }

                float[] residual = [.. choices.Select(choice => (float)choice.Chance)];
                double total = RejectionSampling.ToResidual([.. choices.Select(choice => choice.Token)], residual, 1, q, new double[Softmax.BlockCount(residual.Length)]);
                choices = [.. choices.Select((choice, i) => (choice.Token, residual[i] / total)).Where(choice => choice.Item2 > 0)];
            }

            double rest = probability * (1 - acceptance);
            foreach ((int token, double chance) in rest > 0 ? choices : [])
            {
                if (Take(at, model, token, rest * chance, answers) is { } next)
                {
                    DraftOn(next, next, [], rest * chance);
                }
            }
        }
    }

    /// <summary>What may follow, and with which probability, by pipeline and constraint.</summary>
    private static (int Token, double Chance)[] Choices(TokenSampler sampler, ScriptedModel model, out DraftDistribution distribution)
    {
        DraftDistribution choices = distribution = new DraftDistribution();
        var random = new Xoshiro256(1);
        Assert.NotNull(sampler.Draft(Row(sampler, model), ref random, 0, choices));
        return [.. Enumerable.Range(0, model.Vocabulary.Count).Select(token => (token, choices[token])).Where(choice => choice.Item2 > 0)];
    }

    /// <summary>The sampler behind a token that it has chosen; <see langword="null"/> when the answer ends there, which is noted.</summary>
    private static TokenSampler? Take(TokenSampler sampler, ScriptedModel model, int token, double probability, Dictionary<string, double> answers)
    {
        TokenSampler next = sampler.Fork();
        if (token != 0)
        {
            // A token is accepted for certain against the distribution that it would be drawn from.
            Choices(next, model, out DraftDistribution distribution);
            Assert.Equal(token, distribution.IsCertain ? token : next.Verify(Row(next, model), token, distribution));
            next.Accept(token);
            if (next.Tokens.Length - Prompt.Length < Tokens && !next.MustEnd)
            {
                return next;
            }
        }

        string text = model.Vocabulary.GetText(next.Tokens[Prompt.Length..]);
        answers[text] = answers.GetValueOrDefault(text) + probability;
        return null;
    }

    private static float[] Row(TokenSampler sampler, ScriptedModel model)
    {
        float[] logits = new float[model.Vocabulary.Count];
        model.Logits(sampler.Tokens, logits);
        return logits;
    }
}
