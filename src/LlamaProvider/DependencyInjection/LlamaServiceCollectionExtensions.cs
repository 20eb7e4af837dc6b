using LlamaProvider.Chat;
using LlamaProvider.Embeddings;
using LlamaProvider.Reranking;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlamaProvider.DependencyInjection;

/// <summary>Registers engines, chat clients, embedding generators and rerankers. Those with a name are keyed services, so that one process runs several models.</summary>
public static class LlamaServiceCollectionExtensions
{
    /// <summary>
    /// Registers one <see cref="LlamaEngine"/>, with its options from configuration. Wrong options end the host's start with all errors at once; the model is loaded when the engine is
    /// first asked for, or with the host's start (<see cref="LlamaServiceOptions.LoadAtStart"/>). When the host stops, requests may finish for a while
    /// (<see cref="LlamaServiceOptions.DrainTimeout"/>), and the model is freed.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the properties of <see cref="LlamaEngineOptions"/> and <see cref="LlamaServiceOptions"/>, and nothing else.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, IConfiguration configuration) =>
        services.AddEngine(Microsoft.Extensions.Options.Options.DefaultName, configuration);

    /// <inheritdoc cref="AddLlamaEngine(IServiceCollection, IConfiguration)"/>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. Those of <see cref="LlamaServiceOptions"/> are set with <c>services.Configure</c>.</param>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, Action<LlamaEngineOptions> configure) =>
        services.AddEngine(Microsoft.Extensions.Options.Options.DefaultName, configure);

    /// <summary>Registers a further <see cref="LlamaEngine"/> under a name, which is its service key and the name of its options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name.</param>
    /// <param name="configuration">The section with the properties of <see cref="LlamaEngineOptions"/> and <see cref="LlamaServiceOptions"/>, and nothing else.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddEngine(name, configuration);
    }

    /// <inheritdoc cref="AddLlamaEngine(IServiceCollection, string, IConfiguration)"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name.</param>
    /// <param name="configure">Sets the options. Those of <see cref="LlamaServiceOptions"/> are set with <c>services.Configure</c> under the same name.</param>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, string name, Action<LlamaEngineOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddEngine(name, configure);
    }

    /// <summary>
    /// Registers one <see cref="LlamaEngine"/> that runs on a model of the application's own instead of a file. It lives as an engine that is loaded does: it is made when it is first asked for or with the
    /// host's start, and drained and disposed when the host stops.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Makes the engine, as by <see cref="LlamaEngine.Create"/>, from the services and the options. What it is made of stays the application's.</param>
    /// <param name="configure">Sets the options. Those of <see cref="LlamaServiceOptions"/> are set with <c>services.Configure</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaEngine(
        this IServiceCollection services, Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> create, Action<LlamaEngineOptions> configure) =>
        services.AddEngine(Microsoft.Extensions.Options.Options.DefaultName, create, configure);

    /// <inheritdoc cref="AddLlamaEngine(IServiceCollection, Func{IServiceProvider, LlamaEngineOptions, LlamaEngine}, Action{LlamaEngineOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name, which is its service key and the name of its options.</param>
    /// <param name="create">Makes the engine, as by <see cref="LlamaEngine.Create"/>, from the services and the options. What it is made of stays the application's.</param>
    /// <param name="configure">Sets the options. Those of <see cref="LlamaServiceOptions"/> are set with <c>services.Configure</c>.</param>
    public static IServiceCollection AddLlamaEngine(
        this IServiceCollection services, string name, Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> create, Action<LlamaEngineOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddEngine(name, create, configure);
    }

    /// <summary>Registers a chat client on the registered engine. Caching, telemetry and function invocation chain onto the result.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the client's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The builder of the client's pipeline.</returns>
    public static ChatClientBuilder AddLlamaChatClient(this IServiceCollection services, Action<LlamaChatClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddChatClient(provider => provider.GetRequiredService<LlamaEngine>().CreateChatClient(Configured(configure)));
    }

    /// <summary>Registers a chat client on the engine of a name, under the same name as service key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name.</param>
    /// <param name="configure">Sets the client's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The builder of the client's pipeline.</returns>
    public static ChatClientBuilder AddLlamaChatClient(this IServiceCollection services, string name, Action<LlamaChatClientOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddKeyedChatClient(name, provider => provider.GetRequiredKeyedService<LlamaEngine>(name).CreateChatClient(Configured(configure)));
    }

    /// <inheritdoc cref="AddLlamaChatClient(IServiceCollection, string, Action{LlamaChatClientOptions}?)"/>
    public static ChatClientBuilder AddLlamaChatClient(this IServiceCollection services, string name) => services.AddLlamaChatClient(name, configure: null);

    /// <summary>Registers an embedding generator on the registered engine. Caching and telemetry chain onto the result.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the generator's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The builder of the generator's pipeline.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddLlamaEmbeddingGenerator(
        this IServiceCollection services, Action<LlamaEmbeddingGeneratorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddEmbeddingGenerator(provider => provider.GetRequiredService<LlamaEngine>().CreateEmbeddingGenerator(Configured(configure)));
    }

    /// <summary>Registers an embedding generator on the engine of a name, under the same name as service key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name.</param>
    /// <param name="configure">Sets the generator's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The builder of the generator's pipeline.</returns>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddLlamaEmbeddingGenerator(
        this IServiceCollection services, string name, Action<LlamaEmbeddingGeneratorOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddKeyedEmbeddingGenerator(name, provider => provider.GetRequiredKeyedService<LlamaEngine>(name).CreateEmbeddingGenerator(Configured(configure)));
    }

    /// <inheritdoc cref="AddLlamaEmbeddingGenerator(IServiceCollection, string, Action{LlamaEmbeddingGeneratorOptions}?)"/>
    public static EmbeddingGeneratorBuilder<string, Embedding<float>> AddLlamaEmbeddingGenerator(this IServiceCollection services, string name) =>
        services.AddLlamaEmbeddingGenerator(name, configure: null);

    /// <summary>Registers a <see cref="LlamaReranker"/> on the registered engine.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the reranker's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaReranker(this IServiceCollection services, Action<LlamaRerankerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(provider => provider.GetRequiredService<LlamaEngine>().CreateReranker(Configured(configure)));
    }

    /// <summary>Registers a <see cref="LlamaReranker"/> on the engine of a name, under the same name as service key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name.</param>
    /// <param name="configure">Sets the reranker's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaReranker(this IServiceCollection services, string name, Action<LlamaRerankerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<LlamaEngine>(name).CreateReranker(Configured(configure)));
    }

    /// <inheritdoc cref="AddLlamaReranker(IServiceCollection, string, Action{LlamaRerankerOptions}?)"/>
    public static IServiceCollection AddLlamaReranker(this IServiceCollection services, string name) => services.AddLlamaReranker(name, configure: null);

    /// <summary>
    /// Checks the registered engine: unhealthy when it takes no requests any more, degraded when it holds as many as it may. The first check loads the model if
    /// nothing has yet.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name. Default: <c>llama</c>.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddLlamaEngine(this IHealthChecksBuilder builder, string name = "llama")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new LlamaEngineHealthCheck(provider.GetRequiredService<LlamaEngine>()), failureStatus: null, tags: null));
    }

    /// <summary>Checks the engine of a name.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="engineName">The engine's name.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddLlamaEngine(this IHealthChecksBuilder builder, string name, string engineName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new LlamaEngineHealthCheck(provider.GetRequiredKeyedService<LlamaEngine>(engineName)), failureStatus: null, tags: null));
    }

    private static IServiceCollection AddEngine(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<LlamaEngineOptions>(name).Bind(configuration).ValidateOnStart();
        services.AddOptions<LlamaServiceOptions>(name).Bind(configuration).ValidateOnStart();
        return services.AddEngineServices(name, configuration);
    }

    private static IServiceCollection AddEngine(this IServiceCollection services, string name, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<LlamaEngineOptions>(name).Configure(configure).ValidateOnStart();
        services.AddOptions<LlamaServiceOptions>(name).ValidateOnStart();
        return services.AddEngineServices(name, configuration: null);
    }

    private static IServiceCollection AddEngine(
        this IServiceCollection services, string name, Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> create, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<LlamaEngineOptions>(name).Configure(configure).ValidateOnStart();
        services.AddOptions<LlamaServiceOptions>(name).ValidateOnStart();
        services.AddEngineServices(name, configuration: null, loadsFile: false);
        return services.AddKeyedSingleton(name, new EngineFactory(create));
    }

    private static IServiceCollection AddEngineServices(this IServiceCollection services, string name, IConfiguration? configuration, bool loadsFile = true)
    {
        if (services.Any(service => service.ServiceType == typeof(EngineHolder) && Equals(service.ServiceKey, name)))
        {
            throw new ArgumentException(
                name.Length == 0
                    ? "AddLlamaEngine was called twice. Give the second engine a name, or configure the first with services.Configure<LlamaEngineOptions>."
                    : $"AddLlamaEngine was called twice with the name '{name}'. Choose another name, or configure the first with services.Configure<LlamaEngineOptions>.",
                nameof(name));
        }

        services.AddSingleton<IValidateOptions<LlamaEngineOptions>>(new EngineOptionsValidator(name, configuration, loadsFile));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LlamaServiceOptions>, ServiceOptionsValidator>());
        services.AddKeyedSingleton(name, (provider, _) => new EngineHolder(provider, name));
        services.AddSingleton<IHostedService>(provider => new EngineLifetime(
            provider.GetRequiredKeyedService<EngineHolder>(name),
            provider.GetRequiredService<IOptionsMonitor<LlamaServiceOptions>>(),
            provider.GetService<ILogger<LlamaEngine>>() ?? NullLogger<LlamaEngine>.Instance));
        return name.Length == 0
            ? services.AddSingleton(provider => provider.GetRequiredKeyedService<EngineHolder>(name).Load())
            : services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<EngineHolder>(name).Load());
    }

    private static T Configured<T>(Action<T>? configure)
        where T : new()
    {
        var options = new T();
        configure?.Invoke(options);
        return options;
    }
}
