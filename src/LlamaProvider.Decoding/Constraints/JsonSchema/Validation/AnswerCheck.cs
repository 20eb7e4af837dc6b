using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>Checks whole answers against a schema of which not all can be enforced. Safe for concurrent use.</summary>
internal sealed class AnswerCheck(SchemaDocument document, ConstraintLimits limits, IReadOnlyList<UnenforcedKeyword> keywords)
{
    private const int MaxDepth = 10_000;

    private readonly Lock _lock = new();
    private readonly SchemaValidator _validator = new(document, limits);

    /// <summary>What is checked and not enforced.</summary>
    public IReadOnlyList<UnenforcedKeyword> Keywords => keywords;

    /// <summary>Why an answer, which is JSON, does not meet the schema; <see langword="null"/> when it does.</summary>
    public SchemaFault? FindFault(string answer)
    {
        using JsonDocument value = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = MaxDepth });
        lock (_lock)
        {
            return _validator.FindFault(value.RootElement);
        }
    }
}
