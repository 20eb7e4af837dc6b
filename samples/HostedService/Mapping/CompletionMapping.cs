using HostedService.Errors;
using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Completions of prompts: a text has an index, which counts the answers to the first prompt, then those to the second …</summary>
/// <param name="identity">What all parts have in common.</param>
/// <param name="prompts">The prompts.</param>
/// <param name="answersPerPrompt">How many texts each gets.</param>
/// <param name="echo">Whether a text begins with its prompt.</param>
/// <param name="logprobs">Writes log-probabilities; <see langword="null"/> where none are asked for.</param>
internal sealed class CompletionMapping(AnswerIdentity identity, IReadOnlyList<string> prompts, int answersPerPrompt, bool echo, LogprobMapping? logprobs = null)
{
    /// <summary>The most tokens of a completion that says nothing, as in OpenAI's API.</summary>
    public const int DefaultMaxTokens = 16;

    private readonly bool[] _started = new bool[prompts.Count * answersPerPrompt];
    private readonly ShownTokens[]? _tokens = logprobs?.CreateShownTokens(prompts.Count * answersPerPrompt);
    private readonly UsageDetails[] _usage = [.. Enumerable.Range(0, prompts.Count * answersPerPrompt).Select(static _ => new UsageDetails())];

    /// <exception cref="ApiException">There is none.</exception>
    public static IReadOnlyList<string> ReadPrompts(CompletionRequest request) => TextList.Read(request.Prompt, "prompt") switch
    {
        null => throw new ApiException(ApiErrors.Missing("prompt")),
        { Count: 0 } => throw new ApiException(ApiErrors.InvalidValue("prompt", "Invalid 'prompt': empty array. Expected an array with minimum length 1, but got an empty array instead.")),
        var prompts => prompts,
    };

    public TextCompletion ToCompletion(IReadOnlyList<ChatResponse> responses) => Create(
        [.. responses.Select(ToChoice)],
        UsageMapping.OfPrompts([.. responses.Select(static response => response.Usage ?? new UsageDetails())], answersPerPrompt));

    /// <summary>The chunk of an update; <see langword="null"/> for one that says nothing new.</summary>
    public TextCompletion? ToChunk(int choice, ChatResponseUpdate update)
    {
        string text = update.Text;
        TextLogprobs? tokens = ToLogprobs(choice, update);
        if (!_started[choice])
        {
            _started[choice] = true;
            text = Echo(choice) + text;
        }

        foreach (UsageContent usage in update.Contents.OfType<UsageContent>())
        {
            _usage[choice] = usage.Details;
        }

        return text.Length > 0 || update.FinishReason is not null
            ? Create([new TextChoice { Index = choice, Text = text, Logprobs = tokens, FinishReason = update.FinishReason is { } reason ? FinishReasons.ToWire(reason) : null }], usage: null)
            : null;
    }

    /// <summary>The chunk behind all others, which has the usage and no choices.</summary>
    public TextCompletion ToUsageChunk() => Create([], UsageMapping.OfPrompts(_usage, answersPerPrompt));

    private TextChoice ToChoice(ChatResponse response, int index) => new()
    {
        Index = index,
        Text = Echo(index) + response.Text,
        Logprobs = logprobs?.ToText(logprobs.FindShown(response)),
        FinishReason = FinishReasons.ToWire(response.FinishReason),
    };

    private TextLogprobs? ToLogprobs(int choice, ChatResponseUpdate update)
    {
        if (_tokens is null)
        {
            return null;
        }

        ShownTokens shown = _tokens[choice];
        shown.Read(update.GetTraceSteps());
        return logprobs!.ToText([.. shown.Show(update.Text), .. update.FinishReason is null ? [] : shown.Complete()]);
    }

    private string Echo(int choice) => echo ? prompts[choice / answersPerPrompt] : "";

    private TextCompletion Create(IReadOnlyList<TextChoice> choices, Usage? usage) => new()
    {
        Id = identity.Id,
        Created = identity.Created,
        Model = identity.Model,
        Choices = choices,
        Usage = usage,
    };
}
