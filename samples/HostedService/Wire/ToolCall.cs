namespace HostedService.Wire;

/// <summary>A call of a function, in a request's history, an answer, or a chunk of one.</summary>
internal sealed class ToolCall
{
    /// <summary>Its place among the answer's calls; in chunks only.</summary>
    public int? Index { get; set; }

    public string? Id { get; set; }

    public string? Type { get; set; }

    public CalledFunction? Function { get; set; }
}

/// <summary>The function and what it is called with.</summary>
internal sealed class CalledFunction
{
    public string? Name { get; set; }

    /// <summary>A JSON object, as text.</summary>
    public string? Arguments { get; set; }
}
