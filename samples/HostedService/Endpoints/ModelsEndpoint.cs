using HostedService.Http;
using HostedService.Models;
using HostedService.Wire;

namespace HostedService.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/NAME</c>.</summary>
internal static class ModelsEndpoint
{
    public static void MapModels(this WebApplication app)
    {
        app.MapGet("/v1/models", static (HttpContext context, ModelCatalogue catalogue) =>
            JsonBody.WriteAsync(context, new ModelList { Data = [.. catalogue.Models.Select(ToItem)] }, WireJson.Types.ModelList));

        // Names may have slashes in them, as those of model hubs do.
        app.MapGet("/v1/models/{**name}", static (HttpContext context, ModelCatalogue catalogue, string name) =>
            JsonBody.WriteAsync(context, ToItem(catalogue.Require(name)), WireJson.Types.ModelItem));
    }

    private static ModelItem ToItem(HostedModel model) => new() { Id = model.Name, Created = model.Created.ToUnixTimeSeconds() };
}
