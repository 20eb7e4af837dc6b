using Microsoft.Extensions.VectorData;
using SemanticKernelApp.Documents;
using SemanticKernelApp.Search;

namespace SemanticKernelApp.Tests;

public sealed class PassageCollectionTests : IDisposable
{
    private readonly PassageCollection _collection = new();

    [Fact]
    public async Task Search_ByVector_IsByCosine()
    {
        await _collection.UpsertAsync([Passage(1, "a", 1, 0), Passage(2, "b", 0, 5), Passage(3, "c", -1, 0)]);

        VectorSearchResult<Passage>[] found = await _collection.SearchAsync(new ReadOnlyMemory<float>([3, 1]), top: 2).ToArrayAsync();

        Assert.Equal(["a", "b"], found.Select(static result => result.Record.Text));
        Assert.Equal(3 / Math.Sqrt(10), found[0].Score!.Value, 1e-6);
    }

    [Fact]
    public async Task HybridSearch_WordsAndVectorsDisagree_WordsWeighMore()
    {
        await _collection.UpsertAsync([Passage(1, "cats sleep", 1, 0), Passage(2, "dogs bark", 0, 1), Passage(3, "birds sing", 0.9f, 0.1f)]);

        Passage[] found = [.. (await _collection.HybridSearchAsync(new ReadOnlyMemory<float>([1, 0]), ["dogs"], top: 3).ToArrayAsync()).Select(static result => result.Record)];

        Assert.Equal(["dogs bark", "cats sleep", "birds sing"], found.Select(static passage => passage.Text));
    }

    [Fact]
    public async Task Search_FilterAndSkip_AreObeyed()
    {
        await _collection.UpsertAsync([Passage(1, "a", 1, 0), Passage(2, "b", 1, 1), Passage(3, "c", 1, 2)]);
        var options = new VectorSearchOptions<Passage> { Filter = passage => passage.Line > 1, Skip = 1 };

        VectorSearchResult<Passage>[] found = await _collection.SearchAsync(new float[] { 1, 0 }, top: 5, options).ToArrayAsync();

        Assert.Equal("c", Assert.Single(found).Record.Text);
    }

    [Fact]
    public async Task Upsert_SameKey_Replaces()
    {
        await _collection.UpsertAsync(Passage(1, "old", 1, 0));
        await _collection.UpsertAsync(Passage(1, "new", 1, 0));

        Assert.Equal("new", (await _collection.GetAsync("f.md:1:1"))?.Text);
        await _collection.DeleteAsync("f.md:1:1");
        Assert.Null(await _collection.GetAsync("f.md:1:1"));
    }

    [Fact]
    public async Task HybridSearch_Empty_FindsNothing() => Assert.Empty(await _collection.HybridSearchAsync(new ReadOnlyMemory<float>([1]), ["x"], top: 3).ToArrayAsync());

    [Fact]
    public void Search_ByText_IsRefused() => Assert.Equal(
        "A search by System.String is not supported: this collection has no embedding generator. Search by a vector.",
        Assert.Throws<NotSupportedException>(() => _collection.SearchAsync("text", top: 1)).Message);

    public void Dispose() => _collection.Dispose();

    private static Passage Passage(int line, string text, params float[] vector) => new() { File = "f.md", Line = line, Number = 1, Heading = "", Text = text, Vector = vector };
}
