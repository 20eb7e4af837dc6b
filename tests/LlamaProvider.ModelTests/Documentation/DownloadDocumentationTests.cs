using LlamaProvider.Downloads;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Documentation;

public sealed class DownloadDocumentationTests
{
    [Fact]
    public async Task Code_FromTheCache_LoadsTheModel()
    {
        DirectoryInfo cache = Directory.CreateTempSubdirectory("cache");
        const string Commit = "0123456789abcdef0123456789abcdef01234567";
        try
        {
            string repository = Path.Combine(cache.FullName, "models--owner--repo");
            Directory.CreateDirectory(Path.Combine(repository, "refs"));
            Directory.CreateDirectory(Path.Combine(repository, "snapshots", Commit));
            await File.WriteAllTextAsync(Path.Combine(repository, "refs", "main"), Commit);
            File.CreateSymbolicLink(Path.Combine(repository, "snapshots", Commit, "pocket.gguf"), TestFiles.PocketChat);
            string source = "hf:owner/repo/pocket.gguf";
            var downloadOptions = new ModelDownloadOptions { CacheFolder = cache.FullName, Offline = true };

            // <download>
            string path = await LlamaModels.DownloadAsync(source, downloadOptions);
            await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = path });
            // </download>

            DocumentedCode.AssertIn(DocumentedCode.Read("docs", "downloads.md"), "download");
            Assert.Equal("Pocket chat", engine.Model.Description.Name);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public void Options_InTheDocument_HaveRows()
    {
        string document = DocumentedCode.Read("docs", "downloads.md");

        Assert.All(
            typeof(ModelDownloadOptions).GetProperties().Select(property => property.Name), name => Assert.Contains(document.Split('\n'), line => line.StartsWith('|') && line.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal)));
    }
}
