using System.Text.Json;
using LlamaProvider.Downloads.Tests;

namespace LlamaProvider.Tool.Tests.Commands;

/// <summary><c>pull</c>, <c>list</c> and <c>rm</c> against a hub on this machine.</summary>
public sealed class CacheCommandTests : ToolTest
{
    private string Snapshot => Path.Combine(Cache, "models--owner--repo", "snapshots", FileHub.Commit);

    [Theory]
    [InlineData("hf:owner/repo:Q4_K_M")]
    [InlineData("hf:owner/repo")]
    [InlineData("owner/repo:q4_k_m")]
    [InlineData("hf.co/owner/repo:Q4_K_M")]
    [InlineData("hf:owner/repo/model-Q4_K_M.gguf")]
    public async Task Pull_Model_PrintsItsPathAndNothingElse(string model)
    {
        ToolResult result = await RunAsync("pull", model);

        Assert.Equal(new ToolResult(ExitCodes.Success, $"{Path.Combine(Snapshot, "model-Q4_K_M.gguf")}\n", ""), result);
    }

    [Fact]
    public async Task Pull_Json_HasSourceAndPath()
    {
        ToolResult result = await RunAsync("pull", "owner/repo:Q4_K_M", "--json");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            [("source", "hf:owner/repo:Q4_K_M"), ("path", Path.Combine(Snapshot, "model-Q4_K_M.gguf"))], result.ReadJson().EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)));
    }

    [Fact]
    public async Task Pull_NameOfTheCache_AsksForANewerFile()
    {
        string path = (await RunAsync("pull", "hf:owner/repo")).Output;
        int before = Hub.Requests.Count;

        Assert.Equal(path, (await RunAsync("pull", "model-q4_k_m")).Output);
        Assert.Equal("/owner/repo/resolve/main/model-Q4_K_M.gguf", Hub.Requests[before].Path);
    }

    [Fact]
    public async Task Pull_NameOfAnAddress_AsksForTheAddress()
    {
        await RunAsync("pull", Url);

        Assert.Equal(new ToolResult(ExitCodes.Failure, "", "'model' came from an address that the cache does not keep. Name the address.\n"), await RunAsync("pull", "model"));
    }

    [Fact]
    public async Task Pull_NothingToDownload_SaysWhatIs() => Assert.Equal(
        new ToolResult(ExitCodes.Failure, "", "'./x' is nothing to download. Write hf:OWNER/REPO:QUANTIZATION, hf:OWNER/REPO/FILE.gguf, or an address that begins with https://.\n"), await RunAsync("pull", "./x"));

    [Fact]
    public async Task Pull_NoSuchQuantization_ListsTheFiles() => Assert.Equal(
        new ToolResult(ExitCodes.Failure, "", "Cannot download 'hf:owner/repo:Q2_K': the repository has no file of Q2_K. Name one of its files:\n  hf:owner/repo/model-Q4_K_M.gguf\n"),
        await RunAsync("pull", "owner/repo:Q2_K"));

    [Fact]
    public async Task Pull_Revision_IsAskedFor()
    {
        await RunAsync("pull", "hf:owner/repo", "--revision", "v2");

        Assert.Equal("/api/models/owner/repo/tree/v2", Hub.Requests[0].Path);
        Assert.Equal("/owner/repo/resolve/v2/model-Q4_K_M.gguf", Hub.Requests[1].Path);
    }

    [Fact]
    public async Task Pull_WrongHash_FailsBeforeTheDownload()
    {
        ToolResult wrong = await RunAsync("pull", "hf:owner/repo", "--sha256", new string('a', 64));
        ToolResult malformed = await RunAsync("pull", "hf:owner/repo", "--sha256", "12");

        Assert.Equal((ExitCodes.Failure, ExitCodes.Failure), (wrong.ExitCode, malformed.ExitCode));
        Assert.Contains($"its SHA-256 is {Hub.Sha256}, but must be aaaa", wrong.Error, StringComparison.Ordinal);
        Assert.StartsWith("Sha256 is '12', but must have 64 hexadecimal digits.", malformed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Offline_FindsWhatTheCacheHas()
    {
        await RunAsync("pull", "hf:owner/repo");
        int before = Hub.Requests.Count;

        Assert.Equal(ExitCodes.Success, (await RunAsync("pull", "hf:owner/repo", "--offline")).ExitCode);
        Assert.Equal(before, Hub.Requests.Count);
    }

    [Fact]
    public async Task Pull_Interrupted_EndsWith130()
    {
        Hub.Intercept = async context =>
        {
            Assert.True(Interrupts.Raise());
            var left = new TaskCompletionSource();
            using CancellationTokenRegistration registration = context.RequestAborted.Register(left.SetResult);
            await left.Task;
            return true;
        };

        ToolResult result = await RunAsync("pull", Url);

        Assert.Equal(new ToolResult(ExitCodes.Interrupted, "", ""), result);
    }

    [Fact]
    public async Task Cache_Option_IsTheFolder()
    {
        string folder = InFolder("other");

        ToolResult result = await RunAsync("pull", Url, "--cache", folder);

        Assert.Equal($"{Path.Combine(folder, "model.gguf")}\n", result.Output);
        Assert.Equal("The cache has no models; 'pull' downloads one.\n", (await RunAsync("list")).Output);
    }

    [Fact]
    public async Task List_Models_AreRows()
    {
        await RunAsync("pull", "hf:owner/repo");
        await RunAsync("pull", "hf:owner/repo/big-00001-of-00002.gguf");
        File.Delete(Path.Combine(Snapshot, "big-00002-of-00002.gguf"));

        string[] lines = (await RunAsync("list")).Output.TrimEnd('\n').Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("model", lines[0].Trim(), StringComparison.Ordinal);
        Assert.Matches(@"hf:owner/repo/big-00001-of-00002\.gguf +4\.8 MiB +\d{4}-\d\d-\d\d \d\d:\d\d +parts are missing; 'pull' brings them", lines[1]);
        Assert.Matches(@"hf:owner/repo/model-Q4_K_M\.gguf +4\.8 MiB +\d{4}-\d\d-\d\d \d\d:\d\d", lines[2]);
    }

    [Fact]
    public async Task List_Json_IsAnArray()
    {
        Assert.Equal("[]", (await RunAsync("list", "--json")).Output.Trim());
        await RunAsync("pull", Url);

        JsonElement model = Assert.Single((await RunAsync("list", "--json")).ReadJson().EnumerateArray().ToArray());

        Assert.Equal(["name", "path", "bytes", "files", "isComplete", "modified"], model.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("hf:owner/repo/model-Q4_K_M.gguf")]
    [InlineData("hf:owner/repo:Q4_K_M")]
    [InlineData("owner/repo:Q4_K_M")]
    [InlineData("owner/repo")]
    [InlineData("MODEL-Q4_K_M")]
    public async Task Remove_Model_IsGone(string name)
    {
        await RunAsync("pull", "hf:owner/repo");
        int before = Hub.Requests.Count;

        Assert.Equal(new ToolResult(ExitCodes.Success, "Removed hf:owner/repo/model-Q4_K_M.gguf; 4.8 MiB are free now.\n", ""), await RunAsync("rm", name));
        Assert.Equal("[]", (await RunAsync("list", "--json")).Output.Trim());
        Assert.Equal(before, Hub.Requests.Count);
    }

    [Fact]
    public async Task Remove_Json_SaysWhatIsFree()
    {
        await RunAsync("pull", Url);

        Assert.Equal("""{"name":"model.gguf","freedBytes":5000000}""", (await RunAsync("rm", "model", "--json")).ReadJson().GetRawText().Replace("\n", "").Replace(" ", ""));
    }

    [Fact]
    public async Task Remove_NoSuchModel_ListsWhatThereIs()
    {
        Assert.Equal(new ToolResult(ExitCodes.Failure, "", "The cache has no model 'x'. It is empty; 'pull' downloads a model.\n"), await RunAsync("rm", "x"));
        await RunAsync("pull", Url);

        Assert.Equal(new ToolResult(ExitCodes.Failure, "", "The cache has no model 'owner/repo:Q8_0'. Name one of its models:\n  model.gguf\n"), await RunAsync("rm", "owner/repo:Q8_0"));
    }
}
