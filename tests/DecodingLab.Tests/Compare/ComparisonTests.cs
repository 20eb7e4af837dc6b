using DecodingLab.Compare;
using Spectre.Console.Testing;

namespace DecodingLab.Tests.Compare;

public sealed class ComparisonTests : IAsyncLifetime
{
    private Lab _lab = null!;
    private readonly string _folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;

    [Fact]
    public async Task Run_TwoSets_ShowsBothAndWhatDiffers()
    {
        using TestConsole console = new TestConsole().Width(120);

        await new Comparison(console, OutputFolder.Open(_folder), _lab).RunAsync("""{"temperature":0}""", """{"llama.beam_search":3,"maxOutputTokens":20}""", TestContext.Current.CancellationToken);

        Assert.Contains("20 tokens, found by a search.", console.Output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(" words are the same, ", console.Output, StringComparison.Ordinal);
        Assert.Contains("<del>", await File.ReadAllTextAsync(Path.Combine(_folder, "comparison.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SameSet_HasNoDifference()
    {
        using TestConsole console = new TestConsole().Width(120);

        await new Comparison(console, OutputFolder.Open(_folder), _lab).RunAsync("""{"temperature":0}""", """{"temperature":0}""", TestContext.Current.CancellationToken);

        Assert.Contains("0 stand in the first text alone and 0 in the second.", console.Output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain('‹', console.Output);
    }

    public async ValueTask InitializeAsync() => _lab = await PocketLab.LoadAsync();

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
