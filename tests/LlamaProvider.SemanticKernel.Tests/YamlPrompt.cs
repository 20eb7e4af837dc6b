using Microsoft.SemanticKernel;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace LlamaProvider.SemanticKernel.Tests;

/// <summary>
/// Reads prompts as Semantic Kernel's YAML package does, which is not served here: settings stay what the YAML reader makes of them, dictionaries with keys of any type and lists, and get no type of their own.
/// </summary>
internal static class YamlPrompt
{
    public static PromptTemplateConfig Read(string yaml)
    {
        Document document = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize<Document>(yaml);
        return new PromptTemplateConfig(document.Template)
        {
            Name = document.Name,
            TemplateFormat = document.TemplateFormat,
            InputVariables = document.InputVariables,
            ExecutionSettings = document.ExecutionSettings.ToDictionary(entry => entry.Key, entry => new PromptExecutionSettings { ExtensionData = entry.Value }),
        };
    }

    private sealed class Document
    {
        public string Name { get; set; } = "";

        public string Template { get; set; } = "";

        public string TemplateFormat { get; set; } = "";

        public List<InputVariable> InputVariables { get; set; } = [];

        public Dictionary<string, Dictionary<string, object>> ExecutionSettings { get; set; } = [];
    }
}
