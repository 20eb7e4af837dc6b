using System.Reflection;
using System.Runtime.CompilerServices;
using HostedService.Errors;
using LlamaProvider;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace HostedService.Tests.Errors;

public sealed class ExceptionMappingTests
{
    public static TheoryData<Type> LibraryErrors =>
        [.. new[] { typeof(LlamaException).Assembly, typeof(LlamaEngine).Assembly }.SelectMany(static assembly => assembly.GetExportedTypes())
            .Where(static type => type.IsSubclassOf(typeof(LlamaException)))];

    [Theory]
    [MemberData(nameof(LibraryErrors))]
    public void ToApiError_AnyErrorOfTheLibrary_IsNoDefect(Type type)
    {
        LlamaException error = Create(type);

        Assert.Contains(ExceptionMapping.ToApiError(error).Status, (int[])[400, 429, 503]);
    }

    [Fact]
    public void LibraryErrors_AreFound() => Assert.True(LibraryErrors.Count > 15);

    [Fact]
    public void ToApiError_QueueFull_SaysWhatAndWhen()
    {
        ApiError error = ExceptionMapping.ToApiError(new QueueFullException(3, 3));

        Assert.Equal(
            new ApiError(
                429,
                "The engine holds 3 requests and may hold 3. Try again when some have ended, or raise the queue limit. The header Retry-After says when.",
                "rate_limit_error", null, "rate_limit_exceeded"),
            error);
        Assert.True(error.IsTemporary);
    }

    [Fact]
    public void ToApiError_ContextOverflow_HasOpenAIsCode()
    {
        ApiError error = ExceptionMapping.ToApiError(new ContextOverflowException(3000, 2048));

        Assert.Equal((400, "context_length_exceeded"), (error.Status, error.Code));
    }

    [Theory]
    [InlineData(nameof(ChatOptions.MaxOutputTokens), "max_completion_tokens")]
    [InlineData(nameof(ChatOptions.StopSequences), "stop")]
    [InlineData(nameof(ChatOptions.TopP), "top_p")]
    [InlineData(nameof(ChatOptions.ResponseFormat), "response_format")]
    [InlineData("llama.grammar", "llama.grammar")]
    [InlineData("ConversationId", null)]
    public void ToApiError_WrongOption_NamesTheRequestsMember(string option, string? param) =>
        Assert.Equal(param, ExceptionMapping.ToApiError(new OptionNotSupportedException(option, "No.")).Param);

    [Fact]
    public void ToApiError_Defect_SaysNothingOfIt()
    {
        ApiError error = ExceptionMapping.ToApiError(new InvalidOperationException("secret"));

        Assert.Equal(new ApiError(500, "The service has met a defect of its own. It is in the service's log.", "server_error"), error);
    }

    [Fact]
    public void ToApiError_ModelThatFails_NamesNoFile()
    {
        ApiError error = ExceptionMapping.ToApiError(new EvaluationFailedException("/secret/model.gguf failed", null));

        Assert.Equal(
            new ApiError(503, "The model cannot answer. The reason, which may name files of the service, is in its log.", "server_error", null, "model_unavailable"), error);
    }

    [Fact]
    public void ToApiError_DisposedEngine_IsUnavailableForNow()
    {
        ApiError error = ExceptionMapping.ToApiError(new ObjectDisposedException("x"));

        Assert.Equal((503, "The service is stopping and takes no requests. Try again in a moment."), (error.Status, error.Message));
        Assert.True(error.IsTemporary);
    }

    /// <summary>An error of a type: with some texts where it takes texts, and else without what its constructors want.</summary>
    private static LlamaException Create(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructors().FirstOrDefault(static candidate => candidate.GetParameters().Any(static parameter => parameter.Name is "option" or "first"));
        return (LlamaException)(constructor?.Invoke([.. constructor.GetParameters().Select(static parameter => parameter.ParameterType == typeof(string) ? "x" : null)])
            ?? RuntimeHelpers.GetUninitializedObject(type));
    }
}
