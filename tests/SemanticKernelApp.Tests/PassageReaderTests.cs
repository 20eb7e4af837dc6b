using SemanticKernelApp.Documents;

namespace SemanticKernelApp.Tests;

public sealed class PassageReaderTests
{
    [Fact]
    public void Read_HeadingsAndParagraphs_GiveSentencesWithTheirPlaces()
    {
        string[] lines = ["Before.", "# One", "First line", "goes on. Second!", "", "  ", "Third? Yes.", "## Two", "Last without a stop"];

        Passage[] passages = [.. PassageReader.Read("a.md", lines)];

        Assert.Equal(
            [
                ("a.md:1:1", "", "Before."), ("a.md:3:1", "One", "First line goes on."), ("a.md:3:2", "One", "Second!"), ("a.md:7:1", "One", "Third?"), ("a.md:7:2", "One", "Yes."),
                ("a.md:9:1", "Two", "Last without a stop"),
            ],
            passages.Select(static passage => (passage.Key, passage.Heading, passage.Text)));
        Assert.Equal(("Before.", "Two. Last without a stop"), (passages[0].SearchText, passages[^1].SearchText));
    }

    [Fact]
    public void Read_Nothing_GivesNothing() => Assert.Empty(PassageReader.Read("a.md", ["", "# Heading", " "]));

    [Fact]
    public void ReadFolder_Examples_HasTextFilesAlone()
    {
        IReadOnlyList<Passage> passages = PassageReader.ReadFolder(AppOptions.ExampleFolder);

        Assert.Equal(["harbour.txt", "library.md", "museum.md"], passages.Select(static passage => passage.File).Distinct());
        Assert.Equal(passages.Count, passages.Select(static passage => passage.Key).Distinct().Count());
    }
}
