namespace LlamaProvider.DependencyInjection;

/// <summary>Starts a registered engine on a model that the application has, instead of loading a file.</summary>
/// <param name="Create">Receives the services and the engine's options.</param>
internal sealed record EngineFactory(Func<IServiceProvider, LlamaEngineOptions, LlamaEngine> Create);
