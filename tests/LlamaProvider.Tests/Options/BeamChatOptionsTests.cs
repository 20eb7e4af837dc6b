using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

public sealed class BeamChatOptionsTests
{
    private static readonly SamplerPipeline Defaults = SamplerPipeline.Create(s => s.Penalties(repeat: 1.2).TopK(40).Temperature(0.8));
    private static readonly ChatOptionsReader Reader = new(new ModelNames("model", null), Defaults);

    public static TheoryData<object> FormsOfBeams { get; } =
    [
        """{"width":3,"results":2,"length_penalty":0.5,"stopping":"early","sample":true}""",
        JsonElement.Parse("""{"width":"3","results":2.0,"length_penalty":"0.5","stopping":"Early","sample":"true"}"""),
        JsonNode.Parse("""{"width":3,"results":2,"length_penalty":0.5,"stopping":"early","sample":true}""")!,
        new Dictionary<string, object?> { ["width"] = 3L, ["results"] = 2.0, ["length_penalty"] = 0.5f, ["stopping"] = "EARLY", ["sample"] = true },
        Beams,
    ];

    public static TheoryData<object, string, string> Invalid { get; } = new()
    {
        { Beams with { Width = 0 }, "Width", "Width is 0, but a search keeps at least 1 text. Raise it." },
        { Beams with { Results = 4 }, "Results", "Results is 4, but must be 1 to the width, 3. Change it, or leave it unset for all." },
        { Beams with { Results = 0 }, "Results", "Results is 0, but must be 1 to the width, 3. Change it, or leave it unset for all." },
        { Beams with { LengthPenalty = double.NaN }, "LengthPenalty", "LengthPenalty is NaN, but must be finite. Use 0 for none, or leave it at 1." },
        { Beams with { Stopping = (BeamStopping)9 }, "Stopping", "Stopping is 9, but must be Heuristic, Early or Exhaustive. Change it, or leave it unset." },
        {
            new DiverseBeamSearchOptions { Width = 4, Groups = 3 }, "Groups",
            "Groups is 3 and Width is 4, but there are 2 or more groups, all equally wide. Choose a number that divides the width, or use plain beam search."
        },
        {
            new DiverseBeamSearchOptions { Groups = 1 }, "Groups",
            "Groups is 1 and Width is 4, but there are 2 or more groups, all equally wide. Choose a number that divides the width, or use plain beam search."
        },
        {
            new DiverseBeamSearchOptions { DiversityPenalty = double.NaN }, "DiversityPenalty",
            "DiversityPenalty is NaN, but must be above 0 and finite. Without a penalty all groups find the same; use plain beam search."
        },
    };

    public static TheoryData<ChatOptions, string, string, string> Conflicts { get; } = new()
    {
        {
            new ChatOptions().UseBeamSearch().UseDiverseBeamSearch(), "llama.beam_search", "llama.diverse_beam_search",
            "llama.beam_search and llama.diverse_beam_search are set, but an answer is found by one search. Leave one unset."
        },
        {
            new ChatOptions { Temperature = 0.7f }.UseBeamSearch(), "llama.beam_search", "temperature",
            "llama.beam_search and temperature are set: temperature shapes a draw, but this search does not draw. Leave it out, or use llama.beam_search with sample = true."
        },
        {
            new ChatOptions().UseDiverseBeamSearch().UseSamplers(s => s.MinP(0.1)), "llama.diverse_beam_search", "min_p",
            "llama.diverse_beam_search and min_p are set: min_p shapes a draw, but this search does not draw. Leave it out, or use llama.beam_search with sample = true."
        },
        {
            new ChatOptions().UseBeamSearch(sample: true).UseSamplers(s => s.MirostatV2()), "llama.beam_search", "mirostat_v2",
            "llama.beam_search and mirostat_v2 are set: mirostat_v2 chooses one token by what it remembers of one text, but a search follows several. Leave it out."
        },
        {
            new ChatOptions().UseBeamSearch().UseContextOverflow(ContextOverflow.Shift), "llama.beam_search", "llama.context_overflow",
            "llama.beam_search and llama.context_overflow are set: llama.context_overflow is 'shift', which moves cells, but the texts of a search share theirs. Use 'truncate_oldest' or 'error'."
        },
        {
            new ChatOptions { RawRepresentationFactory = _ => new LlamaGenerationOptions { BeamSearch = new(), JumpForward = true } },
            "LlamaGenerationOptions.BeamSearch", "LlamaGenerationOptions.JumpForward",
            "LlamaGenerationOptions.BeamSearch and LlamaGenerationOptions.JumpForward are set: LlamaGenerationOptions.JumpForward is true, but a search asks the model for every token, since it compares what they score. Leave it unset."
        },
    };

    private static BeamSearchOptions Beams => new() { Width = 3, Results = 2, LengthPenalty = 0.5, Stopping = BeamStopping.Early, Sample = true };

    [Theory]
    [MemberData(nameof(FormsOfBeams), DisableDiscoveryEnumeration = true)]
    public void GetBeamSearch_AnyFormOfTheValue_IsRead(object value) =>
        Assert.Equal(Beams, new ChatOptions { AdditionalProperties = new() { ["llama.beam_search"] = value } }.GetBeamSearch());

    [Fact]
    public void GetDiverseBeamSearch_WhatWasStored_ComesBack()
    {
        var search = new DiverseBeamSearchOptions { Width = 6, Groups = 3, DiversityPenalty = 0.7, Results = 4, LengthPenalty = 2, Stopping = BeamStopping.Exhaustive };
        ChatOptions options = new ChatOptions().UseDiverseBeamSearch(search);

        Assert.IsType<JsonElement>(options.AdditionalProperties!["llama.diverse_beam_search"]);
        Assert.Equal(search, options.GetDiverseBeamSearch());
        Assert.Equal(search, Reader.Read(options, null!).Beams!.Diverse);
    }

    [Fact]
    public void GetBeamSearch_Number_IsTheWidth() =>
        Assert.Equal(new BeamSearchOptions { Width = 6 }, new ChatOptions { AdditionalProperties = new() { ["llama.beam_search"] = 6 } }.GetBeamSearch());

    [Theory]
    [InlineData("\"wide\"", "\"wide\"")]
    [InlineData("""{"beams":3}""", """{"beams":3}""")]
    [InlineData("""{"width":3.5}""", """{"width":3.5}""")]
    [InlineData("""{"stopping":"later"}""", """{"stopping":"later"}""")]
    [InlineData("""{"stopping":1}""", """{"stopping":1}""")]
    public void GetBeamSearch_Malformed_SaysWhatIsWrong(string value, string shown)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => new ChatOptions { AdditionalProperties = new() { ["llama.beam_search"] = value } }.GetBeamSearch());

        Assert.Equal(
            $"llama.beam_search is {shown}, but must be an object of the values that docs/search.md names, such as {{\"width\": 4}}. Change the option or leave it unset.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Use_ValueOutOfItsRange_IsRefused(object search, string option, string message)
    {
        var error = Assert.Throws<InvalidSearchException>(
            () => search is BeamSearchOptions plain ? new ChatOptions().UseBeamSearch(plain) : new ChatOptions().UseDiverseBeamSearch((DiverseBeamSearchOptions)search));

        Assert.Equal((option, message), (error.Option, error.Message));
    }

    [Theory]
    [MemberData(nameof(Conflicts), DisableDiscoveryEnumeration = true)]
    public void Read_WhatDoesNotGoTogether_IsRefusedNamingBoth(ChatOptions options, string first, string second, string message)
    {
        var error = Assert.Throws<OptionsConflictException>(() => Reader.Read(options, null!));

        Assert.Equal((first, second, message), (error.First, error.Second, error.Message));
    }

    [Fact]
    public void Read_NoSamplersNamed_LeavesOutWhatShapesDraws()
    {
        SamplerPipeline expected = new([new PenaltiesStage(1.2)], new GreedySelector());

        Assert.Equal(expected, Reader.Read(new ChatOptions().UseBeamSearch(), null!).Samplers);
        Assert.Equal(expected, Reader.Read(new ChatOptions { Temperature = 0 }.UseBeamSearch(), null!).Samplers);
        Assert.Equal(Defaults, Reader.Read(new ChatOptions().UseBeamSearch(sample: true), null!).Samplers);
    }

    [Fact]
    public void Read_StrongestPlace_Counts()
    {
        ChatOptions options = new ChatOptions { RawRepresentationFactory = _ => new LlamaGenerationOptions { BeamSearch = new() { Width = 7 } } }.UseBeamSearch(2);

        Assert.Equal(7, Reader.Read(options, null!).Beams!.Width);
        Assert.Null(Reader.Read(null, null!).Beams);
    }
}
