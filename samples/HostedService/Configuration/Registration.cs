using HostedService.Models;
using LlamaProvider;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Downloads;
using LlamaProvider.Embeddings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace HostedService.Configuration;

/// <summary>From settings to services.</summary>
internal static class Registration
{
    public static void AddServiceOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceOptionsValidator>();
        builder.Services.AddOptions<ServiceOptions>().Bind(builder.Configuration.GetSection(ServiceOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton(static services => services.GetRequiredService<IOptions<ServiceOptions>>().Value);
        ServiceOptions options = builder.Configuration.GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new ServiceOptions();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.AddServerHeader = false;
        });

        // The server stops before the engines do: it waits for running answers, and what is left then is cancelled.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
    }

    /// <summary>Registers an engine for each model, with its clients, under the model's name.</summary>
    public static void AddModels(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        IHealthChecksBuilder health = services.AddHealthChecks();
        services.AddSingleton<ModelCatalogue>();

        // Telemetry would log what a caller has mistaken as an error with its stack; what is worth a line has one already.
        builder.Logging.AddFilter("Microsoft.Extensions.AI", LogLevel.None);
        foreach (IConfigurationSection section in builder.Configuration.GetSection(ModelOptions.Section).GetChildren())
        {
            string name = section.Key;
            ModelOptions options = section.Get<ModelOptions>() ?? new ModelOptions();
            services.AddLlamaEngine(name, section.GetSection(ModelOptions.EngineSection));
            services.PostConfigure<LlamaEngineOptions>(name, engine => engine.ModelPath = Locate(engine.ModelPath));
            services.AddSingleton(provider => new HostedModel(name, options, provider));
            health.AddLlamaEngine(name, engineName: name);
            if (options.Chat)
            {
                services.AddLlamaChatClient(name).UseOpenTelemetry();
            }

            if (options.Embeddings)
            {
                services.AddLlamaEmbeddingGenerator(name, section.GetSection(ModelOptions.GeneratorSection).Bind).UseOpenTelemetry();
            }

            if (options.Rerank)
            {
                services.AddLlamaReranker(name, section.GetSection(ModelOptions.RerankerSection).Bind);
            }
        }
    }

    /// <summary>
    /// A model that is no file of this machine is downloaded with the start, once. A relative path begins at the working directory or, when nothing is there, beside the program, where the
    /// embedded model lies.
    /// </summary>
    private static string? Locate(string? path)
    {
        if (path is not null && LlamaModels.IsRemote(path))
        {
            // Options are configured without await, on the starting thread, which has nothing else to do.
            return LlamaModels.DownloadAsync(path).GetAwaiter().GetResult();
        }

        string besides = Path.Combine(AppContext.BaseDirectory, path ?? "");
        return !string.IsNullOrWhiteSpace(path) && !File.Exists(path) && File.Exists(besides) ? besides : path;
    }
}
