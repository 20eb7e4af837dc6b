using System.Text.Json.Serialization;
using HostedService.Errors;

namespace HostedService.Wire;

/// <summary>What an error looks like.</summary>
internal sealed class ErrorBody
{
    public required ErrorDetail Error { get; init; }

    public static ErrorBody Of(ApiError error) => new() { Error = new ErrorDetail { Message = error.Message, Type = error.Type, Param = error.Param, Code = error.Code } };
}

/// <summary>The four members that clients read; all are there, null or not.</summary>
internal sealed class ErrorDetail
{
    public required string Message { get; init; }

    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Param { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Code { get; init; }
}
