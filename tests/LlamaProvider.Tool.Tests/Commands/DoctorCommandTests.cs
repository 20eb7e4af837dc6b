using System.Text.Json;
using LlamaProvider.Tool.Diagnosis;

namespace LlamaProvider.Tool.Tests.Commands;

public sealed class DoctorCommandTests : ToolTest
{
    [Fact]
    public async Task Doctor_ThisMachine_FindsLlamaCppAndItsDevices()
    {
        Native = new NativeProbe();

        ToolResult result = await RunAsync("doctor", "--json");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        JsonElement llamaCpp = result.ReadJson().GetProperty("llamaCpp");
        Assert.Matches(@"^0\.[45]\.", llamaCpp.GetProperty("version").GetString());
        Assert.True(Directory.Exists(llamaCpp.GetProperty("directory").GetString()));
        Assert.Contains("cpu", llamaCpp.GetProperty("backEnds").EnumerateArray().Select(kind => kind.GetString()));
        Assert.Contains("cpu", llamaCpp.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("kind").GetString()));
        Assert.True(result.ReadJson().GetProperty("machine").GetProperty("memoryBytes").GetInt64() > 1 << 20);
        Assert.Equal(Cache, result.ReadJson().GetProperty("cache")[0].GetProperty("folder").GetString());
        Assert.All(result.ReadJson().GetProperty("checks").EnumerateArray(), check => Assert.NotEqual("problem", check.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Doctor_NoLlamaCpp_SaysWhatToDoAndEndsWith1()
    {
        Native = new FixedNative(new NativeReport { Problem = "There is none." });

        ToolResult result = await RunAsync("doctor");

        Assert.Equal((ExitCodes.Failure, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"llama\.cpp: problem +There is none\. *\n +Set LLAMA_NATIVE_DIR to a folder", result.Output);
    }

    [Fact]
    public async Task Doctor_Cache_IsCountedAndTriedWithoutLeavingAnything()
    {
        await RunAsync("pull", Url);
        string[] before = Directory.GetFiles(Cache);

        JsonElement cache = (await RunAsync("doctor", "--json")).ReadJson().GetProperty("cache")[0];

        Assert.Equal((1, 5_000_000, true), (cache.GetProperty("models").GetInt32(), cache.GetProperty("bytes").GetInt64(), cache.GetProperty("exists").GetBoolean()));
        Assert.Equal(before, Directory.GetFiles(Cache));
    }
}
