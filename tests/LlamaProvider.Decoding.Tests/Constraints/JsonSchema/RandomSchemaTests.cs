using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>Keywords in combinations that nobody thought of: what may be written is what the schema says, and whoever follows the masks gets there.</summary>
public sealed partial class RandomSchemaTests(ITestOutputHelper output)
{
    [Fact]
    public void FillMask_AnySchema_LeadsToTextsThatMeetIt()
    {
        var counts = new Counts();
        SchemaGen.Full.ForEach(300, schema => Walk(schema, counts, ValidatorOf(schema)));
        counts.Check(output);
    }

    [Fact]
    public void FillMask_AnySchemaOfOldDrafts_LeadsToTextsThatAnotherValidatorAccepts()
    {
        var counts = new Counts();
        SchemaGen.Common.ForEach(
            150,
            schema =>
            {
                NJsonSchema.JsonSchema validator = NJsonSchema.JsonSchema.FromJsonAsync(schema).GetAwaiter().GetResult();
                Walk(schema, counts, text => Disputed().IsMatch(text) ? "" : string.Join(", ", validator.Validate(text)));
            });
        counts.Check(output);
    }

    [Fact]
    public void Accept_AnyValue_IsAllowedExactlyWhereItMeetsTheSchema()
    {
        int allowed = 0;
        Gen.Select(SchemaGen.Full, SchemaGen.Value.Array[12]).ForEach(
            600,
            pair =>
            {
                (string schema, string[] values) = pair;
                (CompiledGrammar? grammar, bool isRefused) = TryCompile(schema, JsonPropertyOrder.Any);
                Func<string, string> validate = ValidatorOf(schema);
                foreach (string value in isRefused ? [] : values)
                {
                    bool isMet = validate(value).Length == 0;
                    allowed += isMet ? 1 : 0;
                    Assert.True((grammar?.Allows(value) ?? false) == isMet, $"{value} {(isMet ? "meets" : "does not meet")} {schema}");
                }
            });
        output.WriteLine($"{allowed} values allowed");
        Assert.True(allowed > 500);
    }

    [Fact]
    public void FillMask_AnySchemaWithinABudget_EndsInTime()
    {
        int walks = 0;
        SchemaGen.Full.ForEach(
            100,
            schema =>
            {
                if (TryCompile(schema, JsonPropertyOrder.Schema).Grammar is not ICompiledConstraint grammar)
                {
                    return;
                }

                Func<string, string> validate = ValidatorOf(schema);
                var random = new Random(6);
                int shortest = grammar.FindTooLong(0)?.Tokens ?? 0;
                for (int spare = 0; spare < 12; spare += 4)
                {
                    walks++;
                    string? text = grammar.CreateMatcher(shortest + spare).Walk(random, shortest + spare + 1);
                    Assert.True(text is not null, $"{schema} does not end within {shortest + spare} tokens");
                    Assert.True(validate(text) is var fault && fault.Length == 0, $"{text} does not meet {schema}: {fault}");
                }
            });
        output.WriteLine($"{walks} walks");
        Assert.True(walks > 100);
    }

    private static void Walk(string schema, Counts counts, Func<string, string> validate)
    {
        counts.Schemas++;
        foreach (JsonPropertyOrder order in Enum.GetValues<JsonPropertyOrder>())
        {
            if (TryCompile(schema, order).Grammar is not { } grammar)
            {
                continue;
            }

            counts.Compiled++;
            var random = new Random(5);
            for (int walk = 0; walk < 3; walk++)
            {
                counts.Walks++;
                if (grammar.Walk(random, tokens: 200) is { } text)
                {
                    counts.Ended++;
                    Assert.True(validate(text) is var fault && fault.Length == 0, $"{text} does not meet {schema}: {fault}");
                }
            }
        }
    }

    /// <returns>The grammar, unless no value meets the schema; and whether the schema asks for what cannot be enforced or is too much.</returns>
    private static (CompiledGrammar? Grammar, bool IsRefused) TryCompile(string schema, JsonPropertyOrder order)
    {
        try
        {
            return (SchemaRun.Compile(schema, order), false);
        }
        catch (InvalidJsonSchemaException)
        {
            return (null, false);
        }
        catch (Exception error) when (error is JsonSchemaNotSupportedException or ConstraintTooComplexException)
        {
            return (null, true);
        }
    }

    private static Func<string, string> ValidatorOf(string schema)
    {
        var validator = new SchemaValidator(new SchemaDocument(JsonElement.Parse(schema)), ConstraintLimits.Default);
        return text => LongExponent().IsMatch(text) ? "" : validator.FindFault(JsonElement.Parse(text))?.ToString() ?? "";
    }

    /// <summary>In numbers whose exponent is beyond all that can be checked.</summary>
    [GeneratedRegex("[eE][-+]?[0-9]{4}")]
    private static partial System.Text.RegularExpressions.Regex LongExponent();

    /// <summary>What validators differ about: escapes, letters beyond ASCII, exponents, long numbers, and whether 3.0 is an integer.</summary>
    [GeneratedRegex(@"[^ -\[\]-~\s]|[eE][-+]?[0-9]|[0-9]{10}|\.0+(?![0-9])")]
    private static partial System.Text.RegularExpressions.Regex Disputed();

    private sealed class Counts
    {
        public int Schemas { get; set; }

        public int Compiled { get; set; }

        public int Walks { get; set; }

        public int Ended { get; set; }

        public void Check(ITestOutputHelper output)
        {
            output.WriteLine($"{Schemas} schemas, {Compiled} grammars, {Ended} of {Walks} walks ended");
            Assert.True(Compiled > Schemas, "Most schemas are to compile, in both orders.");
            Assert.True(Ended > Walks / 2, "Most walks are to end.");
        }
    }
}
