using Microsoft.Extensions.Options;

namespace HostedService.Configuration;

/// <summary>Finds all that is wrong with the service's settings and the list of its models; each engine's own settings are checked beside it.</summary>
internal sealed class ServiceOptionsValidator(IConfiguration configuration) : IValidateOptions<ServiceOptions>
{
    private const int ShortestKey = 16;
    private static readonly string[] ServiceNames = [.. typeof(ServiceOptions).GetProperties().Select(static property => property.Name)];
    private static readonly string[] ModelNames = [.. typeof(ModelOptions).GetProperties().Select(static property => property.Name), ModelOptions.EngineSection, ModelOptions.GeneratorSection, ModelOptions.RerankerSection];

    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        string[] errors = [.. FindErrors(options), .. FindUnknown(configuration.GetSection(ServiceOptions.Section), ServiceNames), .. FindModelErrors()];
        return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> FindErrors(ServiceOptions options)
    {
        for (int i = 0; i < options.ApiKeys.Count; i++)
        {
            if (options.ApiKeys[i].Trim().Length < ShortestKey)
            {
                // The key itself stays out of the log.
                yield return $"Service:ApiKeys:{i} has {options.ApiKeys[i].Trim().Length} characters, but a key needs {ShortestKey} or more, so that it cannot be guessed. Choose a longer one.";
            }
        }

        if (options.MaxRequestBytes < 1024)
        {
            yield return $"Service:MaxRequestBytes is {options.MaxRequestBytes}, but must be 1024 or more. Change the option or leave it unset.";
        }

        if (options.MaxChoices is < 1 or > 128)
        {
            yield return $"Service:MaxChoices is {options.MaxChoices}, but must be from 1 to 128. Change the option or leave it unset.";
        }

        if (options.RetryAfter < TimeSpan.FromSeconds(1))
        {
            yield return $"Service:RetryAfter is {options.RetryAfter}, but must be 00:00:01 or more. Change the option or leave it unset.";
        }

        if (options.ShutdownTimeout < TimeSpan.Zero)
        {
            yield return $"Service:ShutdownTimeout is {options.ShutdownTimeout}, but must be 0 or more. Change the option or leave it unset.";
        }
    }

    private IEnumerable<string> FindModelErrors()
    {
        IConfigurationSection[] models = [.. configuration.GetSection(ModelOptions.Section).GetChildren()];
        if (models.Length == 0)
        {
            yield return "Models is empty, but the service needs a model. Add one: \"Models\": { \"NAME\": { \"Chat\": true, \"Engine\": { \"ModelPath\": \"FILE.gguf\" } } }.";
        }

        foreach (IConfigurationSection model in models)
        {
            foreach (string error in FindUnknown(model, ModelNames))
            {
                yield return error;
            }

            if (model.Get<ModelOptions>() is not ({ Chat: true } or { Embeddings: true } or { Rerank: true }))
            {
                yield return $"{model.Path} serves nothing. Set its Chat, Embeddings or Rerank to true, or remove it.";
            }
        }
    }

    private static IEnumerable<string> FindUnknown(IConfigurationSection section, string[] names) =>
        from child in section.GetChildren()
        where !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} is set, but there is no option of this name. Correct or remove it; the options are {string.Join(", ", names)}.";
}
