using HostedService.Http;
using HostedService.Mapping;
using HostedService.Models;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingsEndpoint
{
    public static void MapEmbeddings(this WebApplication app) => app.MapPost("/v1/embeddings", EmbedAsync);

    private static async Task EmbedAsync(HttpContext context, ModelCatalogue catalogue)
    {
        EmbeddingRequest request = await JsonBody.ReadAsync(context, WireJson.Types.EmbeddingRequest);
        HostedModel model = catalogue.RequireEmbeddings(request.Model);
        (IReadOnlyList<string> texts, bool asBase64) = (EmbeddingMapping.ReadTexts(request), EmbeddingMapping.IsBase64(request));
        GeneratedEmbeddings<Embedding<float>> embeddings = await model.Embeddings.GenerateAsync(texts, EmbeddingMapping.ToOptions(request), context.RequestAborted);
        await JsonBody.WriteAsync(context, EmbeddingMapping.ToList(model.Name, embeddings, asBase64), WireJson.Types.EmbeddingList);
    }
}
