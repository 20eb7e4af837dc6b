using HostedService.Configuration;
using HostedService.Endpoints;
using HostedService.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace HostedService;

/// <summary>The service: what it is made of, and the way of a request through it.</summary>
internal static class ServiceApplication
{
    /// <summary>Builds the service without starting it.</summary>
    /// <param name="args">Settings from the command line, such as <c>--Urls=http://localhost:9000</c>.</param>
    /// <param name="configure">Changes what was registered; for tests.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);
        builder.AddServiceOptions();
        builder.AddModels();
        AddMetrics(builder.Services);
        WebApplication app = builder.Build();

        app.UseMiddleware<ApiErrorMiddleware>();
        app.UseStatusCodePages(context => ApiErrorWriter.WriteAsync(context.HttpContext, RouteErrors.Of(context.HttpContext)));
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseMiddleware<AccessMiddleware>();
        app.MapModels();
        app.MapChatCompletions();
        app.MapCompletions();
        app.MapEmbeddings();
        app.MapRerank();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static void AddMetrics(IServiceCollection services) => services.AddOpenTelemetry().ConfigureResource(static resource => resource.AddService("HostedService")).WithMetrics(static metrics => metrics
        .AddMeter("LlamaProvider", "Experimental.Microsoft.Extensions.AI", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
        .AddPrometheusExporter());
}
