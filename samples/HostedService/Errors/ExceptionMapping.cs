using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Embeddings;
using LlamaProvider.Models;
using LlamaProvider.Native;
using LlamaProvider.Options;
using LlamaProvider.Reranking;

namespace HostedService.Errors;

/// <summary>From what went wrong to what the caller is told.</summary>
/// <remarks>
/// 400 is what another request would avoid, 429 what the same request would later, 503 what lies with the service. 500 is a defect: it is logged, and the caller learns nothing of it.
/// </remarks>
internal static class ExceptionMapping
{
    public static ApiError ToApiError(Exception error) => error switch
    {
        ApiException known => known.Error,
        BadHttpRequestException request => FromServer(request),
        QueueFullException => new(
            StatusCodes.Status429TooManyRequests, $"{error.Message} The header Retry-After says when.", ApiError.RateLimit, Code: "rate_limit_exceeded"),
        ContextOverflowException => Invalid(error, null, "context_length_exceeded"),
        ChatMessageException message => Invalid(error, $"messages[{message.MessageIndex}]", "invalid_value"),
        EmbeddingInputException text => Invalid(error, $"input[{text.Index}]", "invalid_value"),
        RerankInputException text => Invalid(error, text.Index is int index ? $"documents[{index}]" : "query", "invalid_value"),
        InvalidToolException => Invalid(error, "tools", "invalid_value"),
        OptionNotSupportedException option => Invalid(error, OptionNames.InRequest(option.Option), "unsupported_value"),
        InvalidSamplerException option => Invalid(error, OptionNames.InRequest(option.Option), "invalid_value"),
        OptionsConflictException conflict => Invalid(error, OptionNames.InRequest(conflict.First), "invalid_value"),
        ConstraintInfeasibleException => Invalid(error, null, "constraint_infeasible"),
        EvaluationFailedException or ModelContextException or ContextCreationException or ModelLoadException or AdapterLoadException or NativeLibraryException or InvalidOptionsException =>
            new(StatusCodes.Status503ServiceUnavailable, "The model cannot answer. The reason, which may name files of the service, is in its log.", ApiError.Server, Code: "model_unavailable"),
        ObjectDisposedException => new(
            StatusCodes.Status503ServiceUnavailable, "The service is stopping and takes no requests. Try again in a moment.", ApiError.Server, Code: "service_stopping"),

        // Every other error of the library is about what the request asks for: its schema, grammar, pattern, search or conversation.
        LlamaException => Invalid(error, null, "invalid_value"),
        _ => new(StatusCodes.Status500InternalServerError, "The service has met a defect of its own. It is in the service's log.", ApiError.Server),
    };

    private static ApiError Invalid(Exception error, string? param, string code) => new(StatusCodes.Status400BadRequest, error.Message, ApiError.InvalidRequest, param, code);

    /// <summary>What the web server refuses while it reads: bodies that are too large, too slow or cut short.</summary>
    private static ApiError FromServer(BadHttpRequestException error) => error.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new(error.StatusCode, "The request's body is larger than Service:MaxRequestBytes allows. Send less.", ApiError.InvalidRequest, Code: "request_too_large")
        : new(error.StatusCode, error.Message, ApiError.InvalidRequest, Code: "bad_request");
}
