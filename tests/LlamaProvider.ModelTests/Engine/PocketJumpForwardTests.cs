using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Jump-forward with a real model and its tokenizer.</summary>
public sealed class PocketJumpForwardTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private static readonly JsonSchemaOptions Compact = new() { Whitespace = JsonWhitespace.Compact };
    private static readonly string[] Topics = ["Rome", "a cat", "the sea", "France", "a robot", "winter", "Paris", "the moon", "a book", "Italy"];

    private static readonly string[] Schemas =
    [
        """{"type":"object","properties":{"name_of_the_city":{"enum":["Rome","Paris","Berlin"]},"name_of_the_country":{"enum":["Italy","France","Germany"]},"number_of_inhabitants":{"type":"integer","minimum":0,"maximum":99}},"required":["name_of_the_city","name_of_the_country","number_of_inhabitants"],"additionalProperties":false}""",
        """{"type":"object","properties":{"favourite_colours":{"type":"array","items":{"enum":["red","green","blue"]},"minItems":2,"maxItems":3},"is_available_today":{"type":"boolean"}},"required":["favourite_colours","is_available_today"],"additionalProperties":false}""",
        """{"type":"object","properties":{"description_of_the_thing":{"type":"string","maxLength":16},"kind_of_the_thing":{"enum":["animal","place","object"]}},"required":["description_of_the_thing","kind_of_the_thing"],"additionalProperties":false}""",
        """{"type":"object","properties":{"first":{"type":"object","properties":{"temperature_in_degrees":{"type":"integer","minimum":-9,"maximum":40}},"required":["temperature_in_degrees"],"additionalProperties":false}},"required":["first"],"additionalProperties":false}""",
        """{"type":"object","properties":{"answer_to_the_question":{"type":"string","pattern":"^[A-Z][a-z]{2,9}$"}},"required":["answer_to_the_question"],"additionalProperties":false}""",
    ];

    /// <summary>Names that the model has seen; it writes those in the tokenizer's tokens by itself.</summary>
    private static readonly string[] KnownSchemas =
    [
        """{"type":"object","properties":{"city":{"enum":["Rome","Paris","Berlin"]},"country":{"enum":["Italy","France","Germany"]}},"required":["city","country"],"additionalProperties":false}""",
        """{"type":"object","properties":{"city":{"enum":["Oslo","Madrid","Vienna"]},"temperature":{"type":"integer","minimum":1,"maximum":40}},"required":["city","temperature"],"additionalProperties":false}""",
        """{"type":"object","properties":{"name":{"enum":["dog","cat"]},"count":{"type":"integer","minimum":1,"maximum":99}},"required":["name","count"],"additionalProperties":false}""",
        """{"type":"array","items":{"type":"object","properties":{"name":{"enum":["cat","dog","fish"]}},"required":["name"],"additionalProperties":false},"minItems":1,"maxItems":2}""",
        """{"type":"object","properties":{"name":{"const":"get_weather"},"arguments":{"type":"object","properties":{"city":{"enum":["Rome","Paris","Oslo"]}},"required":["city"],"additionalProperties":false}},"required":["name","arguments"],"additionalProperties":false}""",
    ];

    /// <summary>The model prefers its tokenizer's tokens here. Values that it is undecided about may still differ, where it has spelled something before them otherwise.</summary>
    [Fact]
    public async Task Greedy_NamesThatTheModelKnows_MostlySaysTheSameOnAndOff() => Assert.InRange(await CountSame(KnownSchemas), 40, 50);

    /// <summary>
    /// Without jump-forward this small model spells names that it has never seen letter by letter, since the mask takes what it wanted to say instead. The text of the name is the
    /// same, but what the model sees is not, so it may say another value after it. Both are right.
    /// </summary>
    [Fact]
    public async Task Greedy_NamesThatTheModelDoesNotKnow_AreLegalOnAndOff() => _ = await CountSame(Schemas);

    /// <summary>The identity that holds for any model: forced tokens that are evaluated together give what they give one at a time.</summary>
    [Fact]
    public async Task Greedy_ForcedTokensOneAtATime_SaysTheSame()
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        int same = 0;
        foreach (string topic in Topics)
        {
            foreach (string schema in Schemas)
            {
                var message = new ChatMessage(ChatRole.User, $"Describe {topic} as JSON.");
                ChatResponse together = await client.GetResponseAsync([message], Options(schema, jumps: true));
                same += OneAtATime(message, schema) == together.Text ? 1 : 0;
            }
        }

        // Another batch's shape may turn a near tie.
        Assert.True(same >= 48, $"{same} of 50 answers are the same.");
    }

    [Fact]
    public async Task Greedy_LongNames_AreNotAskedFor()
    {
        long forced = 0;
        long output = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: "llama.tokens", Meter: var meter } && ReferenceEquals(meter, pocket.Engine.Metrics.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            forced += tags[0].Value is "forced" ? value : 0;
            output += tags[0].Value is "output" ? value : 0;
        });
        listener.Start();
        using LlamaChatClient client = pocket.Engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync("Describe Rome as JSON.", Options(Schemas[0], jumps: true));
        await client.GetResponseAsync("Describe Rome as JSON.", Options(Schemas[0], jumps: false));

        Assert.StartsWith("{\"name_of_the_city\":\"", response.Text, StringComparison.Ordinal);
        Assert.True(forced > 15 && output > 2 * forced, $"{forced} of {output} tokens of two answers were forced.");
    }

    /// <summary>How many of the answers to all topics and schemas are the same on and off. All must end by themselves and be valid.</summary>
    private async Task<int> CountSame(string[] schemas)
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        int same = 0;
        foreach (string schema in schemas)
        {
            NJsonSchema.JsonSchema validator = await NJsonSchema.JsonSchema.FromJsonAsync(schema);
            foreach (string topic in Topics)
            {
                ChatResponse off = await client.GetResponseAsync($"Describe {topic} as JSON.", Options(schema, jumps: false));
                ChatResponse on = await client.GetResponseAsync($"Describe {topic} as JSON.", Options(schema, jumps: true));

                Assert.All([off, on], response => Assert.Equal((ChatFinishReason.Stop, 0), (response.FinishReason, validator.Validate(response.Text).Count)));
                same += off.Text == on.Text ? 1 : 0;
                TestContext.Current.TestOutputHelper?.WriteLine(off.Text == on.Text ? on.Text : $"off {off.Text}, on {on.Text}");
            }
        }

        return same;
    }

    private string OneAtATime(ChatMessage message, string schema)
    {
        ILanguageModel model = pocket.Engine.Model;
        var vocabulary = new ConstraintVocabulary(model.Vocabulary);
        ConstraintDefinition definition = JsonSchemaDefinition.Create(JsonSchemaDefinition.Parse(schema), Compact);
        ITokenConstraint constraint = definition.Compile(vocabulary, ConstraintLimits.Default).CreateMatcher();
        using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 512, Sequences = 1, Threads = 1 });
        List<int> tokens = new ChatPromptBuilder(model, null, TimeProvider.System).Build([message], null);
        int prompt = tokens.Count;
        var jump = new JumpForward(vocabulary, model.Tokenizer);
        var forced = new List<int>();
        var mask = new TokenMask(model.Vocabulary.Count);
        var batch = new ModelBatch();
        for (int position = 0; ; position++)
        {
            if (position >= prompt - 1 && forced.Count == 0)
            {
                jump.Read(constraint, CollectionsMarshal.AsSpan(tokens), forced);
            }

            batch.Clear();
            batch.AddOutput(tokens[position], position, 0);
            Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
            if (position < prompt - 1)
            {
                continue;
            }

            int next = forced.FirstOrDefault(-1);
            if (next < 0)
            {
                constraint.FillMask(mask);
                next = Best(context.GetLogits(0), mask);
            }
            else
            {
                forced.RemoveAt(0);
            }

            if (model.Vocabulary.IsEndOfGeneration(next))
            {
                return model.Vocabulary.GetText(CollectionsMarshal.AsSpan(tokens)[prompt..]);
            }

            Assert.True(constraint.Accept(next));
            tokens.Add(next);
        }
    }

    private static int Best(ReadOnlySpan<float> logits, TokenMask mask)
    {
        int best = mask.Next(0);
        for (int token = best; token >= 0; token = mask.Next(token + 1))
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    private static ChatOptions Options(string schema, bool jumps) => new ChatOptions { MaxOutputTokens = 200 }
        .UseSamplers(SamplerPipeline.Deterministic)
        .UseJsonSchema(schema, Compact)
        .UseJumpForward(jumps);
}
