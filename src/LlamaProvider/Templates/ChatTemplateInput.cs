using System.Text.Json;

namespace LlamaProvider.Templates;

/// <summary>
/// Everything that a chat template may read. The template sees the properties under the names that the transformers library uses:
/// <c>messages</c>, <c>tools</c>, <c>documents</c>, <c>add_generation_prompt</c>, <c>bos_token</c>, <c>eos_token</c>, and each of
/// <see cref="Variables"/> under its own.
/// </summary>
/// <remarks>
/// <para>
/// Strings of the input are content (see <see cref="RenderedPrompt.ContentRanges"/>), except the two tokens, and roles and types made of
/// letters, digits, <c>_</c> and <c>-</c> only: templates build control tokens of those.
/// </para>
/// <para>Not changed by a rendering; as thread-safe as the collections that it holds.</para>
/// </remarks>
public sealed class ChatTemplateInput
{
    /// <summary>The conversation, oldest message first.</summary>
    public required IReadOnlyList<ChatTemplateMessage> Messages { get; init; }

    /// <summary>
    /// The tools, each as its template expects it: <c>{"type": "function", "function": {"name", "description", "parameters"}}</c>. Default null,
    /// which templates see as none.
    /// </summary>
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    /// <summary>The documents for retrieval-augmented generation, in the model's own form. Default null, which templates see as none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Whether the prompt ends with the start of the assistant's turn. Default true.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The text of the token that begins a sequence. Default null: undefined, which prints as nothing.</summary>
    public string? BosToken { get; init; }

    /// <summary>The text of the token that ends a sequence. Default null: undefined, which prints as nothing.</summary>
    public string? EosToken { get; init; }

    /// <summary>The local time that <c>strftime_now</c> writes: take it from a <see cref="TimeProvider"/>.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Further variables such as <c>enable_thinking</c>, by name. Default none. The properties above win over equal names.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Variables { get; init; }

    /// <summary>Reads an input whose variables are the members of one JSON object, as transformers' <c>apply_chat_template</c> takes them.</summary>
    /// <param name="variables">
    /// The object: <c>messages</c>, and optionally <c>tools</c>, <c>documents</c>, <c>add_generation_prompt</c> (false if absent) and any others.
    /// </param>
    /// <param name="bosToken">The text of the token that begins a sequence.</param>
    /// <param name="eosToken">The text of the token that ends a sequence.</param>
    /// <param name="now">The local time.</param>
    /// <returns>The input. It holds on to the element's document.</returns>
    /// <exception cref="ArgumentException">The element is no object, or its <c>messages</c> are no array of objects.</exception>
    public static ChatTemplateInput FromJson(JsonElement variables, string? bosToken, string? eosToken, DateTimeOffset now)
    {
        if (variables.ValueKind != JsonValueKind.Object
            || !variables.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw new ArgumentException(
                "The input is no object with an array 'messages'. Give the arguments of apply_chat_template as one object.", nameof(variables));
        }

        var others = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in variables.EnumerateObject())
        {
            others[member.Name] = member.Value;
        }

        return new ChatTemplateInput
        {
            Messages = [.. messages.EnumerateArray().Select(ChatTemplateMessage.FromJson)],
            Tools = others.TryGetValue("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? [.. tools.EnumerateArray()] : null,
            AddGenerationPrompt = others.TryGetValue("add_generation_prompt", out var add) && add.ValueKind == JsonValueKind.True,
            BosToken = bosToken,
            EosToken = eosToken,
            Now = now,
            Variables = others,
        };
    }
}
