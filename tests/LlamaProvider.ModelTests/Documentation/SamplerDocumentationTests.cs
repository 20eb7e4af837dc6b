using System.Reflection;
using System.Text.Json.Serialization;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>docs/samplers.md names every stage, selector and value.</summary>
public sealed class SamplerDocumentationTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(TestFiles.RepositoryRoot, "docs", "samplers.md"));

    public static TheoryData<Type> Components { get; } =
        new(typeof(SamplerComponent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType));

    [Theory]
    [MemberData(nameof(Components), DisableDiscoveryEnumeration = true)]
    public void Component_InTheDocument_HasARowWithItsBuilderAndValues(Type component)
    {
        string type = typeof(SamplerComponent).GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Single(attribute => attribute.DerivedType == component).TypeDiscriminator!.ToString()!;
        string builder = component.Name.Replace("Stage", "").Replace("Selector", "");

        string row = Assert.Single(Document.Split('\n'), line => line.StartsWith($"| `{type}` | `{builder}` |", StringComparison.Ordinal));

        Assert.NotNull(typeof(SamplerPipelineBuilder).GetMethod(builder));
        Assert.All(
            component.GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()).OfType<JsonPropertyNameAttribute>(),
            value => Assert.Contains($"`{value.Name}`", row));
    }

    [Fact]
    public void SingleValues_InTheDocument_AreThoseThatAreRead()
    {
        string section = Document[Document.IndexOf("## Single values", StringComparison.Ordinal)..];
        string[] named = [.. section[..section.IndexOf("Each edits", StringComparison.Ordinal)].Split('`').Where((_, index) => index % 2 == 1).Skip(1)];

        Assert.All(named, name => Assert.True(SamplerScalars.Contains(name), name));
        Assert.Equal(22, named.Length);
    }
}
