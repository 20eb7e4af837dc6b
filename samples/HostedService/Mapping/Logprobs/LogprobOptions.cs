using HostedService.Errors;
using HostedService.Wire;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping.Logprobs;

/// <summary>Log-probabilities come from a trace of the answer. What a request has to be for it to have them all is settled here.</summary>
internal static class LogprobOptions
{
    /// <summary>The most alternatives of a token, as in OpenAI's API.</summary>
    private const int MostOfChat = 20;

    /// <summary>The same for completions.</summary>
    private const int MostOfCompletion = 5;

    private static readonly string[] Searches = ["llama.beam_search", "llama.diverse_beam_search", "llama.contrastive_search", "llama.best_of"];

    /// <summary>How many alternatives each token is to have; <see langword="null"/> where log-probabilities are not asked for.</summary>
    /// <exception cref="ApiException">There are too many, or they are asked for without log-probabilities.</exception>
    public static int? Read(ChatCompletionRequest request)
    {
        int top = InRange(request.TopLogprobs ?? 0, "top_logprobs", MostOfChat);
        return (request.Logprobs, top) switch
        {
            (true, _) => top,
            (_, 0) => null,
            _ => throw new ApiException(ApiErrors.InvalidValue("top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.")),
        };
    }

    /// <inheritdoc cref="Read(ChatCompletionRequest)"/>
    public static int? Read(CompletionRequest request)
    {
        int? top = request.Logprobs is { } asked ? InRange(asked, "logprobs", MostOfCompletion) : null;
        return top is null || request.Echo != true
            ? top
            : throw new ApiException(ApiErrors.Unsupported(
                "logprobs", "Unsupported parameter: 'logprobs' with 'echo'. The probabilities of a prompt's tokens are not computed. Leave one out."));
    }

    /// <summary>Has the answer traced.</summary>
    /// <remarks>
    /// Probabilities are the model's own, before constraints and samplers, so the trace needs the level that shows them. Text that a constraint leaves no choice about is sampled like any other: appended without
    /// asking the model, as is usual, it would have no probability.
    /// </remarks>
    /// <param name="options">The request's options, changed in place.</param>
    /// <param name="top">How many alternatives; <see langword="null"/> to leave everything as it is.</param>
    /// <param name="isStreamed">Whether steps are taken from updates, so that none need to be kept.</param>
    /// <exception cref="ApiException">Another option leaves tokens without probabilities.</exception>
    /// <exception cref="LlamaProvider.Decoding.OptionNotSupportedException">Another option cannot be read.</exception>
    public static ChatOptions Apply(ChatOptions options, int? top, bool isStreamed)
    {
        if (top is null)
        {
            return options;
        }

        if (Array.Find(Searches, search => options.AdditionalProperties?.ContainsKey(search) == true) is { } search)
        {
            throw Conflict(search, "A search compares whole texts and chooses no tokens one by one.");
        }

        if (options.GetJumpForward() == true)
        {
            throw Conflict("llama.jump_forward", "Tokens that are appended without asking the model have no probability.");
        }

        options.UseJumpForward(false);
        return options.CaptureTrace(new TraceOptions(TraceLevel.Stages, Math.Max(1, top.Value), isStreamed ? 1 : int.MaxValue));
    }

    private static ApiException Conflict(string option, string reason) =>
        new(ApiErrors.Unsupported(option, $"Unsupported parameter: '{option}' with 'logprobs'. {reason} Leave one out."));

    private static int InRange(int value, string path, int most) =>
        value >= 0 && value <= most ? value : throw new ApiException(ApiErrors.OutOfRange(path, value, 0, most));
}
