namespace HostedService.Errors;

/// <summary>An answer that says what is wrong, in OpenAI's terms.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">The value, the rule and the remedy.</param>
/// <param name="Type">OpenAI's class of error.</param>
/// <param name="Param">The member of the request that is wrong, if one is.</param>
/// <param name="Code">OpenAI's code, if there is one.</param>
internal sealed record ApiError(int Status, string Message, string Type, string? Param = null, string? Code = null)
{
    public const string InvalidRequest = "invalid_request_error";
    public const string RateLimit = "rate_limit_error";
    public const string Server = "server_error";

    /// <summary>Whether the caller is told when to try again.</summary>
    public bool IsTemporary => Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
}

/// <summary>Ends a request with an error that is already in OpenAI's terms.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
