using HostedService.Errors;

namespace HostedService.Models;

/// <summary>The models of the service, by name.</summary>
internal sealed class ModelCatalogue(IEnumerable<HostedModel> models)
{
    public IReadOnlyList<HostedModel> Models { get; } = [.. models];

    /// <exception cref="ApiException">There is no such model, or it is no chat model.</exception>
    public HostedModel RequireChat(string? name) => Require(name, "chat", static model => model.HasChat);

    /// <exception cref="ApiException">There is no such model, or it makes no embeddings.</exception>
    public HostedModel RequireEmbeddings(string? name) => Require(name, "embeddings", static model => model.HasEmbeddings);

    /// <exception cref="ApiException">There is no such model, or it is no reranker.</exception>
    public HostedModel RequireReranker(string? name) => Require(name, "reranking", static model => model.HasRanks);

    /// <exception cref="ApiException">There is no such model.</exception>
    public HostedModel Require(string? name) => name is null
        ? throw new ApiException(ApiErrors.Missing("model"))
        : Models.FirstOrDefault(model => model.Name == name)
            ?? throw new ApiException(ApiErrors.NotFound("model", "model_not_found", $"The model '{name}' does not exist. Use one of these: {Names(Models)}."));

    private HostedModel Require(string? name, string kind, Func<HostedModel, bool> serves)
    {
        HostedModel model = Require(name);
        return serves(model)
            ? model
            : throw new ApiException(ApiErrors.InvalidValue("model", $"The model '{name}' is not served for {kind}. Use one of these: {Names(Models.Where(serves))}."));
    }

    private static string Names(IEnumerable<HostedModel> models) => string.Join(", ", models.Select(static model => $"'{model.Name}'")) is { Length: > 0 } names ? names : "none";
}
