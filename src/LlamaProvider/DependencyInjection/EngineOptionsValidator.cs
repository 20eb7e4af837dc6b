using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LlamaProvider.DependencyInjection;

/// <summary>Finds all that is wrong with an engine's options before anything is loaded: values, files, and names in the configuration that mean nothing.</summary>
/// <param name="engine">The engine's name; validators of other engines' options pass.</param>
/// <param name="configuration">The section that the options come from; <see langword="null"/> when they come from code.</param>
/// <param name="loadsFile">Whether the engine loads a model file, which its options must name.</param>
internal sealed class EngineOptionsValidator(string engine, IConfiguration? configuration, bool loadsFile) : IValidateOptions<LlamaEngineOptions>
{
    private static readonly string[] Names =
        [.. typeof(LlamaEngineOptions).GetProperties().Concat(typeof(LlamaServiceOptions).GetProperties()).Select(property => property.Name)];

    public ValidateOptionsResult Validate(string? name, LlamaEngineOptions options)
    {
        if (name != engine)
        {
            return ValidateOptionsResult.Skip;
        }

        string[] errors = [.. options.FindErrors(requireModelPath: loadsFile), .. FindMissingFiles(options), .. FindUnknownNames()];
        return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> FindMissingFiles(LlamaEngineOptions options)
    {
        IEnumerable<(string Name, string? Path)> files =
            [(nameof(options.ModelPath), options.ModelPath), .. options.Adapters.Select(adapter => ($"{nameof(options.Adapters)}:{adapter.Key}", (string?)adapter.Value))];
        return files
            .Where(file => !string.IsNullOrWhiteSpace(file.Path) && !File.Exists(file.Path))
            .Select(file => $"{file.Name} is '{file.Path}', but there is no such file. Correct the path; a relative one begins at the working directory.");
    }

    private IEnumerable<string> FindUnknownNames() =>
        from child in configuration?.GetChildren() ?? []
        where !Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} is set, but there is no option of this name. Correct or remove it; the options are {nameof(LlamaEngineOptions)}' and {nameof(LlamaServiceOptions)}' properties.";
}

/// <summary>Checks the values of <see cref="LlamaServiceOptions"/>.</summary>
internal sealed class ServiceOptionsValidator : IValidateOptions<LlamaServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, LlamaServiceOptions options) =>
        options.DrainTimeout >= TimeSpan.Zero || options.DrainTimeout == Timeout.InfiniteTimeSpan
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(options.DrainTimeout)} is {options.DrainTimeout}, but must be 0 or more. Change the option or leave it unset.");
}
