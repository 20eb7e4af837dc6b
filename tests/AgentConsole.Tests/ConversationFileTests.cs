namespace AgentConsole.Tests;

public sealed class ConversationFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly Conversation Sample = new Conversation
    {
        System = "Antworte auf Deutsch.",
        Turns = [new Turn("Grüße, 世界?", "Hallo \"Welt\" 🦙\nzweite Zeile", Stopped: true), new Turn("Leer?", "")],
        Unanswered = "Und nun?",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-console-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_SavedJson_IsTheSameConversation()
    {
        string path = File("chat.json");
        ConversationFile.Save(path, Sample, "pocket", Now, overwrite: false);

        Conversation loaded = ConversationFile.Load(path);

        Assert.Equal(Sample.Turns.AsEnumerable(), loaded.Turns);
        Assert.Equal((Sample.System, Sample.Unanswered), (loaded.System, loaded.Unanswered));
    }

    [Fact]
    public void Save_Json_KeepsLettersReadable()
    {
        string path = File("chat.json");
        ConversationFile.Save(path, Sample, "pocket", Now, overwrite: false);

        Assert.Contains("Grüße, 世界?", System.IO.File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_Markdown_ShowsAllParts()
    {
        string path = File("chat.md");
        ConversationFile.Save(path, Sample, "pocket", Now, overwrite: false);

        Assert.Equal(
            """
            # Conversation with pocket

            2026-03-04 05:06

            ## System

            Antworte auf Deutsch.

            ## You

            Grüße, 世界?

            ## Model (stopped)

            Hallo "Welt" 🦙
            zweite Zeile

            ## You

            Leer?

            ## Model



            ## You (not answered)

            Und nun?

            """.ReplaceLineEndings("\n"),
            System.IO.File.ReadAllText(path));
    }

    [Fact]
    public void Save_OtherExtension_NamesTheOnesThereAre()
    {
        var error = Assert.Throws<ConversationFileException>(() => ConversationFile.Save(File("chat.txt"), Sample, "pocket", Now, overwrite: false));

        Assert.Equal($"'{File("chat.txt")}' ends in '.txt', but conversations are saved as .md or .json. Choose one of them.", error.Message);
    }

    [Fact]
    public void Save_MissingFolder_SaysSoAndLeavesNothing()
    {
        string path = Path.Combine(_folder.FullName, "none", "chat.md");

        var error = Assert.Throws<ConversationFileException>(() => ConversationFile.Save(path, Sample, "pocket", Now, overwrite: false));

        Assert.Equal($"'{path}' cannot be written: its folder does not exist. The conversation is still here.", error.Message);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Save_ForeignFile_IsRefusedAndUnchanged()
    {
        string path = File("notes.md");
        System.IO.File.WriteAllText(path, "precious");

        Assert.Throws<ConversationFileException>(() => ConversationFile.Save(path, Sample, "pocket", Now, overwrite: false));

        Assert.Equal("precious", System.IO.File.ReadAllText(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Save_PathIsAFolder_LeavesNoDraft()
    {
        string path = File("folder.md");
        Directory.CreateDirectory(path);

        Assert.Throws<ConversationFileException>(() => ConversationFile.Save(path, Sample, "pocket", Now, overwrite: true));

        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"messages":[{"role":"user"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":null}]}""")]
    [InlineData("""{"messages":[null]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":"first"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"system","content":"late"}]}""")]
    public void Load_NoConversation_IsAnErrorForTheUser(string content)
    {
        string path = File("bad.json");
        System.IO.File.WriteAllText(path, content);

        var error = Assert.Throws<ConversationFileException>(() => ConversationFile.Load(path));

        Assert.StartsWith($"'{path}' is not a conversation as /save writes it to .json: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        var error = Assert.Throws<ConversationFileException>(() => ConversationFile.Load(File("none.json")));

        Assert.Equal($"'{File("none.json")}' cannot be read: it does not exist.", error.Message);
    }

    [Fact]
    public void DefaultName_Time_IsInTheName() => Assert.Equal("chat-20260304-050607.md", ConversationFile.DefaultName(Now));

    [Theory]
    [InlineData("chat", "chat.md")]
    [InlineData("chat.json", "chat.json")]
    public void Resolve_Name_IsAFullPathWithExtension(string name, string file) => Assert.Equal(Path.GetFullPath(file), ConversationFile.Resolve(name));

    private string File(string name) => Path.Combine(_folder.FullName, name);
}
