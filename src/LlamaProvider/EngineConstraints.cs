using System.Collections.Immutable;
using System.Text;
using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider;

/// <summary>Compiles the constraints of an engine's requests, and keeps them for the next ones.</summary>
/// <param name="model">Whose tokens are constrained.</param>
/// <param name="options">Limits of the work, and of what is kept.</param>
internal sealed class EngineConstraints(ILanguageModel model, LlamaEngineOptions options)
{
    private readonly ConstraintCache _cache = new(() => new ConstraintVocabulary(model.Vocabulary), options.ConstraintLimits with { }, options.ConstraintCacheSize);

    /// <summary>Makes a constraint ready for one request. It is compiled here, on the caller's thread, when the engine does not keep it from an earlier request.</summary>
    /// <param name="constraint">What the answer must be like.</param>
    /// <param name="maxTokens">The most tokens of the answer. Where some beginnings of answers are none, the answer is completed within them, not cut.</param>
    /// <param name="cancellationToken">Calls the compiling off.</param>
    /// <exception cref="LlamaException">What was written has an error, or passes a limit. The type tells which.</exception>
    /// <exception cref="OptionsConflictException">No answer is so short.</exception>
    public SequenceConstraint? Constrain(RequestedConstraint? constraint, int? maxTokens, CancellationToken cancellationToken)
    {
        if (constraint is null)
        {
            return null;
        }

        ICompiledConstraint compiled = _cache.Compile(constraint.Definition, cancellationToken);
        maxTokens = constraint.Definition.HasIncompleteTexts ? maxTokens : null;
        if (maxTokens is int most && compiled.FindTooLong(most) is { } shortest)
        {
            throw new OptionsConflictException(
                nameof(ChatOptions.MaxOutputTokens),
                constraint.Option,
                $"{nameof(ChatOptions.MaxOutputTokens)} is {most}, but the shortest answer that was found for {constraint.Option} takes {shortest.Tokens} tokens: " +
                $"'{Shown(shortest.Text)}'. Raise the one or loosen the other.");
        }

        return new SequenceConstraint(constraint.Option, compiled.CreateMatcher(maxTokens));
    }

    /// <summary>What finds the text that a request's constraint forces.</summary>
    public JumpForward? FindForced(GenerationSettings settings) =>
        settings.Constraint is not null ? new JumpForward(_cache.Vocabulary, model.Tokenizer) : null;

    /// <summary>Checks what a request's schema says and its constraint does not enforce; <see langword="null"/> when there is nothing of the kind.</summary>
    public AnswerCheck? CheckOf(JsonSchemaDefinition? schema, CancellationToken cancellationToken) =>
        schema is { Options.OnUnsupported: JsonUnsupportedKeywords.Check } ? ((CompiledGrammar)_cache.Compile(schema, cancellationToken)).AnswerCheck : null;

    /// <summary>The checks of what the owned parts of a compiled constraint say and it does not enforce, by owner.</summary>
    public IReadOnlyDictionary<string, AnswerCheck> PartChecksOf(RequestedConstraint? constraint, CancellationToken cancellationToken) =>
        constraint is not null && _cache.Compile(constraint.Definition, cancellationToken) is CompiledGrammar grammar ? grammar.PartChecks : ImmutableDictionary<string, AnswerCheck>.Empty;

    private static string Shown(ReadOnlySpan<byte> text)
    {
        const int Most = 80;
        string shown = Encoding.UTF8.GetString(text);
        return shown.Length <= Most ? shown : $"{shown[..Most]}…";
    }
}
