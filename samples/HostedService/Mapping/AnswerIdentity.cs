namespace HostedService.Mapping;

/// <summary>What all parts of one answer have in common.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Created">When it was asked for, in seconds since 1970.</param>
/// <param name="Model">The model, by the name that the request has.</param>
internal sealed record AnswerIdentity(string Id, long Created, string Model)
{
    public static AnswerIdentity Create(string prefix, string model, TimeProvider time) => new($"{prefix}-{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), model);
}
