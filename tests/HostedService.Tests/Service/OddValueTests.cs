using System.Text;
using System.Text.Json.Serialization.Metadata;
using HostedService.Wire;

namespace HostedService.Tests.Service;

/// <summary>Whatever a member's value is, the answer is an answer or an error of the caller's.</summary>
public sealed class OddValueTests(DefaultService shared)
{
    private static readonly string[] Values =
    [
        "null", "-1", "0", "0.5", "1e300", "99999999999999999999", "\"\"", "\"x\"", "\"{\\\"a\\\":1}\"", "[]", "[null]", "[1]", "[\"a\"]", "[[]]", "[{}]", "{}", "{\"a\":1}", "{\"1\":1}",
        "{\"type\":\"x\"}", "true", "false",
    ];

    private static readonly string[] Options =
    [
        "samplers", "priority", "context_overflow", "lora", "json_schema", "json_schema_options", "grammar", "regex", "enable_thinking", "thinking_budget", "constrain_reasoning", "required_phrases",
        "forbidden_phrases", "lengths", "jump_forward", "speculative_decoding", "prompt_lookup", "beam_search", "diverse_beam_search", "min_p", "top_k", "repeat_penalty", "dry_sequence_breakers", "nothing",
    ];

    [Fact]
    public Task Chat_AnyMemberWithAnyValue_IsNoDefect() =>
        PostAllAsync("/v1/chat/completions", """ "messages":[{"role":"user","content":"x"}],"max_tokens":2""", Members(WireJson.Types.ChatCompletionRequest));

    [Fact]
    public Task Completion_AnyMemberWithAnyValue_IsNoDefect() => PostAllAsync("/v1/completions", """ "prompt":"x","max_tokens":2""", Members(WireJson.Types.CompletionRequest));

    [Fact]
    public Task Embedding_AnyMemberWithAnyValue_IsNoDefect() =>
        PostAllAsync("/v1/embeddings", """ "input":"x" """, [.. Members(WireJson.Types.EmbeddingRequest), "llama.input_type", "llama.truncate"]);

    private static IEnumerable<string> Members(JsonTypeInfo type) =>
        type.Properties.Where(static property => !property.IsExtensionData).Select(static property => property.Name).Concat(Options.Select(static option => $"llama.{option}"));

    private async Task PostAllAsync(string path, string rest, IEnumerable<string> members)
    {
        // A member that is there twice counts as it is there last.
        IEnumerable<string> bodies =
            from member in members
            from value in Values
            select $$"""{"model":"{{TestService.Model}}",{{rest}},"{{member}}":{{value}}}""";
        int refused = 0;
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, cancellation) =>
        {
            using HttpResponseMessage response = await shared.Service.PostAsync(path, Encoding.UTF8.GetBytes(body), HttpCompletionOption.ResponseContentRead, cancellation);
            string answer = await response.Content.ReadAsStringAsync(cancellation);
            Assert.True((int)response.StatusCode < 429, $"{body} gave {(int)response.StatusCode}: {answer}");
            Interlocked.Add(ref refused, response.IsSuccessStatusCode ? 0 : 1);
        });
        Assert.True(refused > 100, $"Only {refused} were refused.");
    }
}
