using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests.Tools;

public sealed class FileToolsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-console-files-");

    public FileToolsTests()
    {
        Write("A1234.md", "An invoice of 12 euros.");
        Write("letters/K210.txt", "Dear Ann,\r\nthe Invoice is paid.\n");
        Write("letters/K211.txt", "");
        Write(".hidden/secret.txt", "invoice");
        Write("bin/out.txt", "invoice");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "image.bin"), [0xFF, 0x00, (byte)'i']);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a1234.md", "An invoice of 12 euros.")]
    [InlineData("K210", "Dear Ann,\nthe Invoice is paid.\n")]
    [InlineData("K21", "Several files: letters/K210.txt, letters/K211.txt")]
    [InlineData("K211", "letters/K211.txt is empty, or no text.")]
    [InlineData("image", "image.bin is empty, or no text.")]
    [InlineData("secret", "There is no file secret.")]
    [InlineData("../../etc/passwd", "There is no file ../../etc/passwd.")]
    public async Task Find_Name_GivesTheBeginning(string id, string result) => Assert.Equal(result, await CallAsync("find_file", "id", id));

    [Fact]
    public async Task Find_LongFile_IsCut()
    {
        Write("long.txt", new string('x', 5000));

        string? text = await CallAsync("find_file", "id", "long.txt");

        Assert.Equal($"{new string('x', 4000)} … (long.txt goes on)", text);
    }

    [Fact]
    public async Task Search_Text_NamesFilesAndLines() => Assert.Equal(
        "A1234.md:1: An invoice of 12 euros.\nletters/K210.txt:2: the Invoice is paid.", await CallAsync("search_files", "text", "invoice"));

    [Fact]
    public async Task Search_NoHit_IsSaid() => Assert.Equal("No file has the text 'zebra'.", await CallAsync("search_files", "text", "zebra"));

    [Fact]
    public void Find_FewFiles_AreTheOnlyValues()
    {
        string schema = Functions().Single(function => function.Name == "find_file").JsonSchema.GetRawText();

        Assert.Equal(
            """{"type":"object","properties":{"id":{"type":"string","enum":["A1234.md","image.bin","letters/K210.txt","letters/K211.txt"]}},"required":["id"]}""", schema);
    }

    [Fact]
    public void Find_ManyFiles_AreNotListed()
    {
        for (int i = 0; i <= FileTools.MostListed; i++)
        {
            Write($"{i}.txt", "");
        }

        Assert.DoesNotContain("enum", Functions().Single(function => function.Name == "find_file").JsonSchema.GetRawText(), StringComparison.Ordinal);
    }

    private IEnumerable<AIFunction> Functions() => new FileTools(_folder.FullName).ToFunctions();

    private async Task<string?> CallAsync(string tool, string argument, string value) =>
        (await Functions().Single(function => function.Name == tool).InvokeAsync(new() { [argument] = value }))?.ToString();

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
