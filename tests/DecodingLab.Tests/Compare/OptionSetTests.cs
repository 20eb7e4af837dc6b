using DecodingLab.Compare;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace DecodingLab.Tests.Compare;

public sealed class OptionSetTests
{
    [Fact]
    public void Read_MembersAndOurKeys_AreOptions()
    {
        ChatOptions options = OptionSet.Read("""{"temperature":0.5,"maxOutputTokens":9,"stopSequences":["."],"llama.beam_search":3}""");

        Assert.Equal((0.5f, 9), (options.Temperature, options.MaxOutputTokens));
        Assert.Equal(["."], options.StopSequences!);
        Assert.Equal(3, options.GetBeamSearch()!.Width);
    }

    [Theory]
    [InlineData("""{"temprature":1}""", "'temprature'")]
    [InlineData("""{"temperature":"warm"}""", "temperature")]
    [InlineData("{", "Expected depth")]
    public void Read_WrongOptions_SayWhat(string json, string part)
    {
        LabException error = Assert.Throws<LabException>(() => OptionSet.Read(json));

        Assert.StartsWith($"The options '{json}' are no JSON object with members of ChatOptions and keys that begin with 'llama.': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_SaysWhatMayBeGiven()
    {
        LabException error = Assert.Throws<LabException>(() => OptionSet.Read("missing.json"));

        Assert.StartsWith("The options 'missing.json' are neither JSON nor a file that can be read: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Give an object such as {\"temperature\":0}, or a file with one.", error.Message, StringComparison.Ordinal);
    }
}
