using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>
/// Real model files, which the repository does not contain: <c>LLAMA_TEST_MODELS</c>, or <c>../shared/models</c> beside the repository.
/// </summary>
internal static class TestModels
{
    public static string Require(string name)
    {
        var folder = Environment.GetEnvironmentVariable("LLAMA_TEST_MODELS") ?? Path.Combine(Root(), "..", "shared", "models");
        var path = Path.Combine(folder, name);
        Assert.SkipUnless(File.Exists(path), $"The model '{name}' is not in the folder of test models (LLAMA_TEST_MODELS).");
        return path;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Provider.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run below the folder of Provider.sln.");
    }
}
