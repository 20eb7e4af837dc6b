using LlamaProvider.TestSupport;

namespace LlamaProvider.Downloads.Tests;

public sealed class CachedModelTests : DownloadTest
{
    private string Repository => Path.Combine(Cache, "models--owner--repo");

    [Fact]
    public void List_NoFolder_IsEmpty() => Assert.Empty(LlamaModels.ListCached(Options()));

    [Fact]
    public async Task List_Downloads_HasEachByName()
    {
        string hub = await LlamaModels.DownloadAsync("hf:owner/repo/sub/model.gguf", Options());
        string split = await LlamaModels.DownloadAsync("hf:owner/repo/big-00001-of-00003.gguf", Options());
        await DownloadAsync();

        IReadOnlyList<CachedModel> models = LlamaModels.ListCached(Options());

        Assert.Equal(["hf:owner/repo/big-00001-of-00003.gguf", "hf:owner/repo/sub/model.gguf", "model.gguf"], models.Select(model => model.Name));
        Assert.Equal([split, hub, UrlFile], models.Select(model => model.Path));
        Assert.Equal([3, 1, 1], models.Select(model => model.Files.Count));
        Assert.Equal([15_000_000L, 5_000_000, 5_000_000], models.Select(model => model.Bytes));
        Assert.All(models, model => Assert.True(model.IsComplete));
        Assert.All(models, model => Assert.InRange(model.Modified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1)));
    }

    [Fact]
    public async Task List_PartIsMissing_IsNotComplete()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/big-00001-of-00002.gguf", Options());
        File.Delete(Path.Combine(Path.GetDirectoryName(path)!, "big-00002-of-00002.gguf"));

        Assert.False(Assert.Single(LlamaModels.ListCached(Options())).IsComplete);
    }

    [Fact]
    public async Task List_LinkWithoutContentAndOtherFolders_AreNoModels()
    {
        await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        Directory.Delete(Path.Combine(Repository, "blobs"), recursive: true);
        Directory.CreateDirectory(Path.Combine(Cache, "models--gpt2", "snapshots", "x"));

        Assert.Empty(LlamaModels.ListCached(Options()));
    }

    [Fact]
    public async Task List_FileOfTwoCommits_IsTheMainBranchs()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        string old = AddCommit("old", "model.gguf", "../../blobs/old", FileHub.Bytes(3, 1000));

        CachedModel model = Assert.Single(LlamaModels.ListCached(Options()));

        Assert.Equal(path, model.Path);
        Assert.NotEqual(old, model.Path);
    }

    [Fact]
    public async Task Remove_ModelOfTheHub_LeavesOthersAndTheirContents()
    {
        string kept = await LlamaModels.DownloadAsync("hf:owner/repo/kept.gguf", Options());
        Hub.Content = FileHub.Bytes(2);
        Hub.Tag = "\"second\"";
        await LlamaModels.DownloadAsync("hf:owner/repo/gone.gguf", Options());
        AddCommit("old", "gone.gguf", "../../blobs/old", FileHub.Bytes(3, 1000));

        long freed = await LlamaModels.RemoveCachedAsync(Find("hf:owner/repo/gone.gguf"), Options());

        Assert.Equal(5_001_000, freed);
        Assert.Equal(kept, Assert.Single(LlamaModels.ListCached(Options())).Path);
        Assert.Single(Directory.GetFiles(Path.Combine(Repository, "blobs")), file => !file.EndsWith(".lock", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(Repository, "snapshots", "old")));
    }

    [Fact]
    public async Task Remove_ContentIsShared_StaysForTheOther()
    {
        await LlamaModels.DownloadAsync("hf:owner/repo/kept.gguf", Options());
        await LlamaModels.DownloadAsync("hf:owner/repo/gone.gguf", Options());

        Assert.Equal(0, await LlamaModels.RemoveCachedAsync(Find("hf:owner/repo/gone.gguf"), Options()));

        AssertWhole(Assert.Single(LlamaModels.ListCached(Options())).Path);
    }

    [Fact]
    public async Task Remove_LastModel_LeavesNothingButLocks()
    {
        await LlamaModels.DownloadAsync("hf:owner/repo/big-00001-of-00002.gguf", Options());

        Assert.Equal(5_000_000, await LlamaModels.RemoveCachedAsync(Assert.Single(LlamaModels.ListCached(Options())), Options()));

        Assert.All(Directory.GetFiles(Cache, "*", SearchOption.AllDirectories), file => Assert.EndsWith(".lock", file, StringComparison.Ordinal));
        Assert.Equal(["blobs"], Directory.GetDirectories(Repository).Select(Path.GetFileName));
        AssertWhole(await LlamaModels.DownloadAsync("hf:owner/repo/big-00001-of-00002.gguf", Options()));
    }

    [Fact]
    public async Task Remove_NameIsTheContent_IsGone()
    {
        // As Windows has it, where links need a permission.
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        File.Move(Path.Combine(Repository, "blobs", Hub.Sha256), path, overwrite: true);

        Assert.Equal(5_000_000, await LlamaModels.RemoveCachedAsync(Assert.Single(LlamaModels.ListCached(Options())), Options()));

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Remove_ModelOfAnAddress_GoesWithItsTag()
    {
        await DownloadAsync();

        Assert.Equal(5_000_000, await LlamaModels.RemoveCachedAsync(Assert.Single(LlamaModels.ListCached(Options())), Options()));

        Assert.Equal(["model.gguf.lock"], Directory.GetFiles(Cache).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Remove_SomethingCannotBeDeleted_SaysSo()
    {
        await DownloadAsync();
        File.Delete($"{UrlFile}.etag");
        Directory.CreateDirectory($"{UrlFile}.etag");

        var error = await Assert.ThrowsAsync<ModelRemovalException>(() => LlamaModels.RemoveCachedAsync(Assert.Single(LlamaModels.ListCached(Options())), Options()));

        Assert.Equal("model.gguf", error.Model);
        Assert.StartsWith("Cannot remove 'model.gguf': ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". End what uses the model, and check the folder's permissions.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_OfTheDocument_ListsAndRemoves()
    {
        await DownloadAsync();
        ModelDownloadOptions downloadOptions = Options();
        using var output = new StringWriter();

        // <cached>
        foreach (CachedModel model in LlamaModels.ListCached(downloadOptions))
        {
            output.WriteLine($"{model.Name} has {model.Bytes} bytes: {model.Path}");
        }

        long freed = await LlamaModels.RemoveCachedAsync(LlamaModels.ListCached(downloadOptions)[0], downloadOptions);
        // </cached>
        Assert.Equal($"model.gguf has 5000000 bytes: {UrlFile}", output.ToString().TrimEnd());
        Assert.Equal(5_000_000, freed);
        DocumentedCode.AssertIn(DocumentedCode.Read("docs", "downloads.md"), "cached");
    }

    [Fact]
    public void Folders_OneAndTwo_AreEachNamedOnce()
    {
        Assert.Equal([Cache], LlamaModels.GetCacheFolders(Options()));
        Assert.Equal(2, LlamaModels.GetCacheFolders(new ModelDownloadOptions { Environment = static _ => null }).Count);
    }

    private CachedModel Find(string name) => Assert.Single(LlamaModels.ListCached(Options()), model => model.Name == name);

    private string AddCommit(string commit, string name, string link, byte[] content)
    {
        string snapshot = Path.Combine(Repository, "snapshots", commit);
        Directory.CreateDirectory(snapshot);
        File.WriteAllBytes(Path.GetFullPath(link, snapshot), content);
        return File.CreateSymbolicLink(Path.Combine(snapshot, name), link).FullName;
    }
}
