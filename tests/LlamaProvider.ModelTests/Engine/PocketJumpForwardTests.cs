using System.Diagnostics.Metrics;
using System.Text;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Automata;
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

    [Fact]
    public async Task Greedy_NamesThatTheModelKnows_SaysTheSameOnAndOff() => Assert.True(await CountSame(KnownSchemas) >= 48, "Of 50 answers too many differ for near ties.");

    /// <summary>
    /// Without jump-forward this small model spells names that it has never seen letter by letter, since the mask takes what it wanted to say instead. The text of the name is the
    /// same, but what the model sees is not, so it may say another value after it. Both are right.
    /// </summary>
    [Fact]
    public async Task Greedy_NamesThatTheModelDoesNotKnow_AreLegalOnAndOff() => Assert.InRange(await CountSame(Schemas), 0, 50);

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

    /// <summary>The law on the model's own tokenizer: whatever follows, the certain tokens stand where they were appended.</summary>
    [Fact]
    public void Append_CutsOfTexts_AreTokenizedSo()
    {
        ILanguageModel model = pocket.Engine.Model;
        var jump = new JumpForward(new ConstraintVocabulary(model.Vocabulary), model.Tokenizer);
        string[] texts =
        [
            .. Schemas,
            "The cat isn't here;  it's 12345 km\n\n  away — or was it (perhaps) \"somewhere\"?\tNo.\n    Indented: ünïcödé 🦙🦙 and 日本語.",
            "{\n  \"name\": \"Rome\",\n  \"numbers\": [1, 22, 333, 4444],\n  \"nested\": { \"deep\": [true, false, null] }\n}",
        ];
        int certain = 0;
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            List<int> whole = model.Tokenizer.EncodeText(text);
            for (int border = 0; border <= whole.Count; border++)
            {
                int start = whole.Take(border).Sum(token => model.Vocabulary.GetBytes(token).Length);
                foreach (int length in new[] { 3, 8, 15, 40 })
                {
                    int end = Math.Min(start + length, bytes.Length);
                    var tokens = new List<int>();
                    ByteSet next = end < bytes.Length ? ByteSet.Of(bytes[end]) : default;

                    jump.Append([.. whole.Take(border)], bytes.AsSpan(start, end - start), next, tokens);

                    Assert.Equal(whole.Skip(border).Take(tokens.Count), tokens);
                    certain += tokens.Count;
                }
            }
        }

        Assert.True(certain > 1000, $"Only {certain} tokens were certain.");
    }

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

    private static ChatOptions Options(string schema, bool jumps) => new ChatOptions { MaxOutputTokens = 200 }
        .UseSamplers(SamplerPipeline.Deterministic)
        .UseJsonSchema(schema, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact })
        .UseJumpForward(jumps);
}
