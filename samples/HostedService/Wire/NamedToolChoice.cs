namespace HostedService.Wire;

/// <summary>The function that must be called.</summary>
internal sealed class NamedToolChoice
{
    public string? Type { get; set; }

    public NamedFunction? Function { get; set; }
}

/// <summary>A function by its name.</summary>
internal sealed class NamedFunction
{
    public string? Name { get; set; }
}
