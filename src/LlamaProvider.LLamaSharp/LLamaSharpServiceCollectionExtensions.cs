using LLama;
using LLama.Abstractions;
using LLama.Exceptions;
using LlamaProvider.DependencyInjection;
using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using Microsoft.Extensions.DependencyInjection;

namespace LlamaProvider.LLamaSharp;

/// <summary>Registers engines on models that LLamaSharp loads. Chat clients, embedding generators and health checks go on top as on any other engine.</summary>
public static class LLamaSharpServiceCollectionExtensions
{
    /// <summary>Registers one <see cref="LlamaEngine"/> on weights that the application owns: <c>services.AddLLamaSharpModel(provider => provider.GetRequiredService&lt;LLamaWeights&gt;(), _ => { })</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="weights">Finds the weights when the engine is first asked for. They must outlive the engine, as a singleton of the same container does.</param>
    /// <param name="configure">Sets the engine's options; those of loading have no meaning here.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLLamaSharpModel(
        this IServiceCollection services, Func<IServiceProvider, LLamaWeights> weights, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return services.AddLlamaEngine(Borrowed(weights), configure);
    }

    /// <inheritdoc cref="AddLLamaSharpModel(IServiceCollection, Func{IServiceProvider, LLamaWeights}, Action{LlamaEngineOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name, which is its service key and the name of its options.</param>
    /// <param name="weights">Finds the weights when the engine is first asked for. They must outlive the engine, as a singleton of the same container does.</param>
    /// <param name="configure">Sets the engine's options; those of loading have no meaning here.</param>
    public static IServiceCollection AddLLamaSharpModel(
        this IServiceCollection services, string name, Func<IServiceProvider, LLamaWeights> weights, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return services.AddLlamaEngine(name, Borrowed(weights), configure);
    }

    /// <summary>
    /// Registers one <see cref="LlamaEngine"/> that has LLamaSharp load a model when it is first asked for, and frees it with itself. A file that is no model is a <see cref="ModelLoadException"/>
    /// then; it is found in managed code, before llama.cpp sees it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="parameters">The model's file and how it is loaded, such as the layers on a GPU.</param>
    /// <param name="configure">Sets the engine's options; those of loading have no meaning here.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLLamaSharpModel(this IServiceCollection services, IModelParams parameters, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return services.AddLlamaEngine(Loaded(parameters), configure);
    }

    /// <inheritdoc cref="AddLLamaSharpModel(IServiceCollection, IModelParams, Action{LlamaEngineOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The engine's name, which is its service key and the name of its options.</param>
    /// <param name="parameters">The model's file and how it is loaded, such as the layers on a GPU.</param>
    /// <param name="configure">Sets the engine's options; those of loading have no meaning here.</param>
    public static IServiceCollection AddLLamaSharpModel(this IServiceCollection services, string name, IModelParams parameters, Action<LlamaEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return services.AddLlamaEngine(name, Loaded(parameters), configure);
    }

    private static Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> Borrowed(Func<IServiceProvider, LLamaWeights> weights) =>
        (provider, options) => LlamaEngine.Create(new LLamaSharpModel(weights(provider)), options);

    private static Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> Loaded(IModelParams parameters) => (_, options) =>
    {
        LLamaWeights weights = Load(parameters);
        try
        {
            var model = new LLamaSharpModel(weights, ownsWeights: true, new LLamaSharpModelOptions { ModelPath = parameters.ModelPath });
            return EngineLoader.Create(model, options, draftModels: null, owned: [model]);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    };

    /// <summary>LLamaSharp gives llama.cpp any file, and some end the process, so the file is checked first.</summary>
    private static LLamaWeights Load(IModelParams parameters)
    {
        GgufValidator.Validate(parameters.ModelPath);
        try
        {
            return LLamaWeights.LoadFromFile(parameters);
        }
        catch (LoadWeightsFailedException error)
        {
            throw new ModelLoadException(
                parameters.ModelPath, "llama.cpp refuses it; LLamaSharp's log (NativeLogConfig) says why. Check that its architecture is one that this release of llama.cpp knows.", error);
        }
    }
}
