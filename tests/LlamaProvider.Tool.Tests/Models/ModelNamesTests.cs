using LlamaProvider.Downloads;
using LlamaProvider.Tool.Models;

namespace LlamaProvider.Tool.Tests.Models;

public class ModelNamesTests
{
    [Theory]
    [InlineData("hf:a/b:Q4_K_M", "hf:a/b:Q4_K_M")]
    [InlineData("https://example.com/a.gguf", "https://example.com/a.gguf")]
    [InlineData("a/b", "hf:a/b")]
    [InlineData("a/b:Q8_0", "hf:a/b:Q8_0")]
    [InlineData("a/b/sub/c.gguf", "hf:a/b/sub/c.gguf")]
    [InlineData("hf.co/a/b:Q8_0", "hf:a/b:Q8_0")]
    [InlineData("huggingface.co/a/b", "hf:a/b")]
    [InlineData("a", null)]
    [InlineData("./a/b", null)]
    [InlineData("/a/b", null)]
    [InlineData("C:\\a/b", null)]
    [InlineData("a//b", null)]
    public void ToSource_Text_IsWhatCanBeDownloaded(string text, string? expected) => Assert.Equal(expected, ModelNames.ToSource(text));

    [Theory]
    [InlineData("hf:a/b/x.gguf", "hf:a/b/x.gguf")]
    [InlineData("a/b/x.gguf", "hf:a/b/x.gguf")]
    [InlineData("HF:A/B/X.gguf", "hf:a/b/x.gguf")]
    [InlineData("a/b", "hf:a/b/x.gguf")]
    [InlineData("x", "hf:a/b/x.gguf")]
    [InlineData("y.gguf", "y.gguf")]
    [InlineData("z", "hf:c/d/sub/z.gguf")]
    [InlineData("nothing", null)]
    public void Find_Spelling_IsTheModel(string text, string? expected) => Assert.Equal(expected, ModelNames.Find(Models("hf:a/b/x.gguf", "hf:c/d/sub/z.gguf", "y.gguf"), text)?.Name);

    [Fact]
    public void Find_WholeName_GoesBeforeOtherSpellings() => Assert.Equal("x.gguf", ModelNames.Find(Models("hf:a/b/x.gguf", "x.gguf"), "x.gguf")!.Name);

    [Fact]
    public void Find_Several_ListsThem()
    {
        var error = Assert.Throws<ToolException>(() => ModelNames.Find(Models("hf:a/b/x.gguf", "hf:a/b/y.gguf"), "a/b"));

        Assert.Equal("'a/b' may be one of 2 models of the cache. Name one of them:\n  hf:a/b/x.gguf\n  hf:a/b/y.gguf", error.Message);
    }

    [Fact]
    public void List_Many_SaysHowManyMore() => Assert.EndsWith("\n  m9\n  and 2 more", ModelNames.List(Models([.. Enumerable.Range(0, 12).Select(number => $"m{number}")])), StringComparison.Ordinal);

    private static CachedModel[] Models(params string[] names) =>
        [.. names.Select(name => new CachedModel { Name = name, Path = name, Files = [name], Bytes = 1, Modified = DateTimeOffset.UnixEpoch, IsComplete = true })];
}
