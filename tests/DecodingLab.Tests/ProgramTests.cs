using DecodingLab.Tests.Report;

namespace DecodingLab.Tests;

/// <summary>The program from end to end.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;

    [Fact]
    public async Task Chapter_Alone_ExplainsAndWritesReportAndTraces()
    {
        LabProcess result = await LabProcess.RunAsync("sampling", "--output", _folder);

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("Greedy choice takes '", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
        Assert.True(File.Exists(Path.Combine(_folder, "report.html")));
        Assert.Equal(ExitCodes.Success, (await LabProcess.RunAsync("explain", Path.Combine(_folder, "traces", "sampling-1.json"), "--output", _folder, "--figure", "distribution")).ExitCode);
        Assert.True(File.Exists(Path.Combine(_folder, "sampling-1-distribution.svg")));
    }

    [Fact]
    public async Task Model_Missing_SaysWhichAndWhatElse() => AssertFails(
        "--model is 'missing.gguf', but there is no such file. Name a model in GGUF form, or leave the option out for the one that ships with this sample.\n",
        await LabProcess.RunAsync("--model", "missing.gguf", "--output", _folder));

    [Fact]
    public async Task Output_IsAFile_SaysThatNothingCanBeWrittenThere()
    {
        string file = Write("taken", "");

        LabProcess result = await LabProcess.RunAsync("--output", file);

        Assert.Equal((ExitCodes.Failure, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"--output is '{file}', but nothing can be written there: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Name another folder, or allow writing to this one.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_OfAnotherVersion_SaysBoth() => AssertFails(
        "The trace is of version 9, but this library reads version 1. Capture it again with CaptureTrace, or read it with the library that wrote it.\n",
        await LabProcess.RunAsync("explain", Write("old.json", """{"version": 9}"""), "--output", _folder));

    [Fact]
    public async Task Trace_CutShort_SaysWhere()
    {
        LabProcess result = await LabProcess.RunAsync("explain", Write("cut.json", LabTraces.Of("Hi").ToJson()[..80]), "--output", _folder);

        Assert.Equal(ExitCodes.Failure, result.ExitCode);
        Assert.Contains("it is cut short, damaged, or lacks a member.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figure_WithoutItsData_SaysHowToCapture() => AssertFails(
        "The figure needs the tree of a beam search, but the trace holds none. Capture an answer of options.UseBeamSearch or UseDiverseBeamSearch with CaptureTrace.\n",
        await LabProcess.RunAsync("explain", Write("plain.json", LabTraces.Of("Hi").ToJson()), "--figure", "beams", "--output", _folder));

    [Fact]
    public async Task Explain_Trace_SaysEveryStepAndDrawsWhatThereIs()
    {
        LabProcess result = await LabProcess.RunAsync("explain", Write("plain.json", LabTraces.Of("Hi", " there").ToJson()), "--output", _folder);

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("Token 2 of the answer is ' there'.", result.Output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "plain.html")));
    }

    [Theory]
    [InlineData("--frobnicate")]
    [InlineData("explain", "x.json", "--figure", "pie")]
    public async Task Usage_Wrong_IsSaidWithExitCode2(params string[] arguments)
    {
        LabProcess result = await LabProcess.RunAsync(arguments);

        Assert.Equal((ExitCodes.WrongUsage, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("--help lists the options.\n", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertFails(string message, LabProcess result) => Assert.Equal(new LabProcess(ExitCodes.Failure, "", message), result);

    private string Write(string name, string content)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        return file;
    }
}
