using HostedService.Http;
using HostedService.Mapping;
using HostedService.Models;
using HostedService.Wire;
using LlamaProvider.Reranking;

namespace HostedService.Endpoints;

/// <summary><c>POST /v1/rerank</c>, and llama-server's other names for it.</summary>
internal static class RerankEndpoint
{
    public static void MapRerank(this WebApplication app)
    {
        foreach (string path in (ReadOnlySpan<string>)["/v1/rerank", "/v1/reranking", "/rerank", "/reranking"])
        {
            app.MapPost(path, RerankAsync);
        }
    }

    private static async Task RerankAsync(HttpContext context, ModelCatalogue catalogue)
    {
        RerankRequest request = await JsonBody.ReadAsync(context, WireJson.Types.RerankRequest);
        HostedModel model = catalogue.RequireReranker(request.Model);
        (string query, IReadOnlyList<string> documents, RerankOptions options) = (RerankMapping.ReadQuery(request), RerankMapping.ReadDocuments(request), RerankMapping.ToOptions(request));
        RerankResult result = await model.Reranker.RerankAsync(query, documents, options, context.RequestAborted);
        await JsonBody.WriteAsync(context, RerankMapping.ToList(model.Name, result, request.ReturnDocuments == true), WireJson.Types.RerankList);
    }
}
