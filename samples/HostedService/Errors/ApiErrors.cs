namespace HostedService.Errors;

/// <summary>The errors of requests, worded as OpenAI's service words them where it has the same.</summary>
internal static class ApiErrors
{
    public static ApiError Missing(string path) =>
        new(StatusCodes.Status400BadRequest, $"Missing required parameter: '{path}'.", ApiError.InvalidRequest, path, "missing_required_parameter");

    public static ApiError InvalidType(string path, string expected, string found) => new(
        StatusCodes.Status400BadRequest, $"Invalid type for '{path}': expected {expected}, but got {found} instead.", ApiError.InvalidRequest, path, "invalid_type");

    public static ApiError InvalidValue(string path, string message) => new(StatusCodes.Status400BadRequest, message, ApiError.InvalidRequest, path, "invalid_value");

    public static ApiError OutOfRange(string path, long value, long least, long most) => value < least
        ? new(
            StatusCodes.Status400BadRequest,
            $"Invalid '{path}': integer below minimum value. Expected a value >= {least}, but got {value} instead.",
            ApiError.InvalidRequest, path, "integer_below_min_value")
        : new(
            StatusCodes.Status400BadRequest,
            $"Invalid '{path}': integer above maximum value. Expected a value <= {most}, but got {value} instead.",
            ApiError.InvalidRequest, path, "integer_above_max_value");

    /// <param name="path">The member.</param>
    /// <param name="own">An example of this server's own members, or all of them.</param>
    public static ApiError Unknown(string path, string own = "llama.min_p") => new(
        StatusCodes.Status400BadRequest,
        $"Unknown parameter: '{path}'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as '{own}'.",
        ApiError.InvalidRequest, path, "unknown_parameter");

    /// <summary>OpenAI's API has it, this service has not.</summary>
    public static ApiError Unsupported(string path, string message) =>
        new(StatusCodes.Status400BadRequest, message, ApiError.InvalidRequest, path, "unsupported_parameter");

    public static ApiError MalformedBody(string message) => new(StatusCodes.Status400BadRequest, message, ApiError.InvalidRequest, Code: "invalid_json");

    public static ApiError NotFound(string? path, string code, string message) => new(StatusCodes.Status404NotFound, message, ApiError.InvalidRequest, path, code);
}
