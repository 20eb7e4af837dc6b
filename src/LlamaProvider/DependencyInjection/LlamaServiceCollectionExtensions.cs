using LlamaProvider.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlamaProvider.DependencyInjection;

/// <summary>Registers engines and chat clients.</summary>
public static class LlamaServiceCollectionExtensions
{
    /// <summary>
    /// Registers one <see cref="LlamaEngine"/>, with its options from configuration. Wrong options end the host's start with all errors at once;
    /// the model is loaded when the engine is first asked for, and freed with the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the properties of <see cref="LlamaEngineOptions"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<LlamaEngineOptions>().Bind(configuration).ValidateOnStart();
        return services.AddEngine();
    }

    /// <inheritdoc cref="AddLlamaEngine(IServiceCollection, IConfiguration)"/>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddLlamaEngine(this IServiceCollection services, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<LlamaEngineOptions>().Configure(configure).ValidateOnStart();
        return services.AddEngine();
    }

    /// <summary>Registers a chat client on the registered engine. Caching, telemetry and function invocation chain onto the result.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the client's options; the model's own way when <see langword="null"/>.</param>
    /// <returns>The builder of the client's pipeline.</returns>
    public static ChatClientBuilder AddLlamaChatClient(this IServiceCollection services, Action<LlamaChatClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddChatClient(provider =>
        {
            var options = new LlamaChatClientOptions();
            configure?.Invoke(options);
            return provider.GetRequiredService<LlamaEngine>().CreateChatClient(options);
        });
    }

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

    private static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LlamaEngineOptions>, LlamaEngineOptionsValidator>());
        services.TryAddSingleton(provider =>
        {
            LlamaEngineOptions options = provider.GetRequiredService<IOptions<LlamaEngineOptions>>().Value;
            options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            return LlamaEngine.Load(options, progress: null, CancellationToken.None);
        });
        return services;
    }

    private sealed class LlamaEngineOptionsValidator : IValidateOptions<LlamaEngineOptions>
    {
        public ValidateOptionsResult Validate(string? name, LlamaEngineOptions options)
        {
            string[] errors = [.. options.FindErrors(requireModelPath: true)];
            return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
        }
    }
}
