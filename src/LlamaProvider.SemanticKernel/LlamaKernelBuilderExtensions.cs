using LlamaProvider.DependencyInjection;
using LlamaProvider.Embeddings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace LlamaProvider.SemanticKernel;

/// <summary>Adds models to a kernel: a chat client that invokes the kernel's functions, and an embedding generator.</summary>
/// <remarks>
/// In a service collection the same is <c>services.AddLlamaEngine(…)</c> and <c>services.AddLlamaChatClient().UseKernelFunctionInvocation()</c>, beside <c>services.AddKernel()</c>. The model is loaded at its first use
/// and freed with the kernel's services.
/// </remarks>
public static class LlamaKernelBuilderExtensions
{
    private const string EmbeddingEngine = "embeddings";

    /// <summary>Adds a chat client on an engine of its own.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="modelPath">The GGUF file.</param>
    /// <param name="serviceId">Tells several clients of a kernel apart; <c>PromptExecutionSettings.ServiceId</c> chooses one. It is the engine's name too.</param>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddLlamaChatClient(this IKernelBuilder builder, string modelPath, string? serviceId = null) =>
        builder.AddLlamaChatClient(options => options.ModelPath = modelPath, serviceId);

    /// <inheritdoc cref="AddLlamaChatClient(IKernelBuilder, string, string?)"/>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="configure">Sets the engine's options.</param>
    /// <param name="serviceId">Tells several clients of a kernel apart; <c>PromptExecutionSettings.ServiceId</c> chooses one. It is the engine's name too.</param>
    public static IKernelBuilder AddLlamaChatClient(this IKernelBuilder builder, Action<LlamaEngineOptions> configure, string? serviceId)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ChatClientBuilder client = serviceId is null
            ? builder.Services.AddLlamaEngine(configure).AddLlamaChatClient()
            : builder.Services.AddLlamaEngine(serviceId, configure).AddLlamaChatClient(serviceId);
        client.UseKernelFunctionInvocation();
        return builder;
    }

    /// <summary>Adds a chat client on an engine that the caller owns and disposes after the kernel's last use.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="serviceId">Tells several clients of a kernel apart; <see langword="null"/> for the only one.</param>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddLlamaChatClient(this IKernelBuilder builder, LlamaEngine engine, string? serviceId)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(engine);
        ChatClientBuilder client = serviceId is null
            ? builder.Services.AddChatClient(_ => engine.CreateChatClient())
            : builder.Services.AddKeyedChatClient(serviceId, _ => engine.CreateChatClient());
        client.UseKernelFunctionInvocation();
        return builder;
    }

    /// <summary>Adds an embedding generator, for vector stores, on an engine of its own.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="modelPath">The GGUF file.</param>
    /// <param name="configure">Sets the generator's options, such as the prefixes of queries and documents; the model's own way when <see langword="null"/>.</param>
    /// <param name="serviceId">Tells several generators of a kernel apart; <see langword="null"/> for the only one.</param>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddLlamaEmbeddingGenerator(
        this IKernelBuilder builder, string modelPath, Action<LlamaEmbeddingGeneratorOptions>? configure = null, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string engine = serviceId is null ? EmbeddingEngine : $"{EmbeddingEngine}:{serviceId}";
        builder.Services.AddLlamaEngine(engine, options => options.ModelPath = modelPath);
        return builder.AddGenerator(provider => provider.GetRequiredKeyedService<LlamaEngine>(engine), configure, serviceId);
    }

    /// <summary>Adds an embedding generator on an engine that the caller owns and disposes after the kernel's last use.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="engine">The engine, which may be that of a chat client.</param>
    /// <param name="configure">Sets the generator's options; the model's own way when <see langword="null"/>.</param>
    /// <param name="serviceId">Tells several generators of a kernel apart; <see langword="null"/> for the only one.</param>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddLlamaEmbeddingGenerator(
        this IKernelBuilder builder, LlamaEngine engine, Action<LlamaEmbeddingGeneratorOptions>? configure, string? serviceId)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(engine);
        return builder.AddGenerator(_ => engine, configure, serviceId);
    }

    private static IKernelBuilder AddGenerator(
        this IKernelBuilder builder, Func<IServiceProvider, LlamaEngine> engine, Action<LlamaEmbeddingGeneratorOptions>? configure, string? serviceId)
    {
        IEmbeddingGenerator<string, Embedding<float>> Create(IServiceProvider provider)
        {
            var options = new LlamaEmbeddingGeneratorOptions();
            configure?.Invoke(options);
            return engine(provider).CreateEmbeddingGenerator(options);
        }

        _ = serviceId is null ? builder.Services.AddEmbeddingGenerator(Create) : builder.Services.AddKeyedEmbeddingGenerator(serviceId, Create);
        return builder;
    }
}
