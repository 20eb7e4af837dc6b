using LlamaProvider.TestSupport;

namespace SemanticKernelApp.Tests;

/// <summary>The program over its example files.</summary>
public sealed class ApplicationTests
{
    [Theory]
    [InlineData("What does a ticket for the museum cost?", "museum.md:5  \"A ticket for the museum costs 12 euros.\"")]
    [InlineData("Who planned the new hall?", "museum.md:7  \"The new hall was planned by Maria Rossi.\"")]
    [InlineData("For how long does the library lend books?", "library.md:3  \"The library lends books for 21 days.\"")]
    [InlineData("How many boats have room in the harbour?", "harbour.txt:1  \"The harbour has room for 40 boats.\"")]
    public async Task Run_Question_CitesTheSentenceThatAnswersIt(string question, string citation)
    {
        (int code, string[] lines) = await RunAsync(new AppOptions(AppOptions.ExampleFolder, question, AppOptions.DefaultModel, null));

        Assert.Equal((0, 3), (code, lines.Length));
        Assert.Equal("12 passages of 3 files", lines[0]);
        Assert.Equal($"  {citation}", lines[2]);
        Assert.Contains(lines[1], lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "Reference")]
    [InlineData("What does a ticket for the museum cost?", "12 euros")]
    [InlineData("Who planned the new hall?", "Maria Rossi")]
    [InlineData("For how long does the library lend books?", "21 days")]
    public async Task Run_ModelThatReads_AnswersWithTheWords(string question, string answer)
    {
        string model = TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");

        (_, string[] lines) = await RunAsync(new AppOptions(AppOptions.ExampleFolder, question, model, AppOptions.DefaultModel));

        Assert.Equal(answer, lines[1]);
    }

    [Fact]
    public async Task Run_WithoutAQuestion_AnswersUntilThereIsNone()
    {
        (int code, string[] lines) = await RunAsync(
            new AppOptions(AppOptions.ExampleFolder, null, AppOptions.DefaultModel, null), "Who planned the new hall?\nWhat does a library card cost?\n\n");

        Assert.Equal(0, code);
        Assert.Equal(2, lines.Count(static line => line.StartsWith("  ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_NoSuchFolder_SaysSo() => Assert.Equal(1, (await RunAsync(new AppOptions("absent", "x", AppOptions.DefaultModel, null))).Code);

    [Fact]
    public async Task Run_NoSuchModel_SaysSo() => Assert.Equal(1, (await RunAsync(new AppOptions(AppOptions.ExampleFolder, "x", "absent.gguf", null))).Code);

    private static async Task<(int Code, string[] Lines)> RunAsync(AppOptions options, string input = "")
    {
        using var output = new StringWriter();
        int code = await Application.RunAsync(options, new StringReader(input), output);
        return (code, [.. output.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
