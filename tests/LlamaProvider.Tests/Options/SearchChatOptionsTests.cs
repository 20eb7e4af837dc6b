using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

/// <summary>Contrastive search, guidance, token guides and best-of-n as options.</summary>
public sealed class SearchChatOptionsTests
{
    private static readonly ChatOptionsReader Reader = new(new ModelNames("model", null), SamplerPipeline.Balanced);

    public static TheoryData<string, object> FormsOfValues { get; } = new()
    {
        { "llama.contrastive_search", """{"top_k":5,"alpha":0.25}""" },
        { "llama.contrastive_search", JsonElement.Parse("""{"top_k":"5","alpha":"0.25"}""") },
        { "llama.contrastive_search", new Dictionary<string, object?> { ["top_k"] = 5.0, ["alpha"] = 0.25f } },
        { "llama.contrastive_search", new ContrastiveSearchOptions { TopK = 5, Alpha = 0.25 } },
        { "llama.guidance", """{"negative_prompt":"Be rude.","scale":2}""" },
        { "llama.guidance", JsonNode.Parse("""{"negative_prompt":"Be rude.","scale":"2"}""")! },
        { "llama.guidance", new GuidanceOptions { NegativePrompt = "Be rude.", Scale = 2 } },
        { "llama.token_guide", """{"guide":"positive","strength":2,"top_k":9}""" },
        { "llama.token_guide", new TokenGuideOptions { Guide = "positive", Strength = 2, TopK = 9 } },
        { "llama.best_of", """{"count":3,"scorer":"mine"}""" },
        { "llama.best_of", new BestOfOptions { Count = 3, Scorer = "mine" } },
    };

    public static TheoryData<string, object, object> PlainValues { get; } = new()
    {
        { "llama.contrastive_search", 6, new ContrastiveSearchOptions { TopK = 6 } },
        { "llama.guidance", "Be rude.", new GuidanceOptions { NegativePrompt = "Be rude." } },
        { "llama.token_guide", "positive", new TokenGuideOptions { Guide = "positive" } },
        { "llama.best_of", 8, new BestOfOptions { Count = 8 } },
    };

    public static TheoryData<Action<ChatOptions>, string, string> Invalid { get; } = new()
    {
        { static o => o.UseContrastiveSearch(0), "TopK", "TopK is 0, but contrastive search compares at least 1 token. Raise it." },
        { static o => o.UseContrastiveSearch(alpha: double.NaN), "Alpha", "Alpha is NaN, but must be from 0 to 1. Use 0 for the most probable token, or leave it at 0.6." },
        { static o => o.UseGuidance("x", double.NaN), "Scale", "Scale is NaN, but must be 0 or more and finite. Use 1 for the plain answer, or leave it at 1.5." },
        { static o => o.UseGuidance("x", -1), "Scale", "Scale is -1, but must be 0 or more and finite. Use 1 for the plain answer, or leave it at 1.5." },
        {
            static o => o.UseGuidance(new GuidanceOptions()), "NegativePrompt",
            "NegativePrompt and NegativeMessages are both unset, but guidance leads away from one text. Set one of them."
        },
        { static o => o.UseGuidance([]), "NegativeMessages", "NegativeMessages is empty, but guidance needs a text to lead away from. Add a message." },
        {
            static o => o.UseGuidance([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]), "NegativeMessages",
            "A negative message of the role 'user' holds more than text, which an option cannot carry. Leave the rest out."
        },
        { static o => o.UseTokenGuide(""), "Guide", "Guide is empty, but must be the name of a token guide. Name one that the engine has." },
        { static o => o.UseTokenGuide("g", 0), "Strength", "Strength is 0, but must be above 0 and finite. Leave it at 1, or leave the guide out." },
        { static o => o.UseTokenGuide("g", topK: 1), "TopK", "TopK is 1, but a token guide weighs at least 2 tokens. Raise it." },
        { static o => o.UseBestOf(0), "Count", "Count is 0, but at least 1 answer is drawn. Raise it." },
        { static o => o.UseBestOf(scorer: ""), "Scorer", "Scorer is empty, but must be the name of a scorer. Name one that the engine has, or leave it at 'likelihood'." },
    };

    public static TheoryData<ChatOptions, string, string, string> Conflicts { get; } = new()
    {
        {
            new ChatOptions().UseBeamSearch().UseContrastiveSearch(), "llama.beam_search", "llama.contrastive_search",
            "llama.beam_search and llama.contrastive_search are set, but a beam search follows several texts and contrastive search compares the ways in which one text goes on. Leave one unset."
        },
        {
            new ChatOptions().UseContrastiveSearch().UseBestOf(), "llama.contrastive_search", "llama.best_of",
            "llama.contrastive_search and llama.best_of are set, but contrastive search compares the ways in which one text goes on and best-of-n draws several texts. Leave one unset."
        },
        {
            new ChatOptions().UseBestOf().UseGuidance("x"), "llama.best_of", "llama.guidance",
            "llama.best_of and llama.guidance are set, but best-of-n draws several texts and guidance changes what the model says of one text. Leave one unset."
        },
        {
            new ChatOptions().UseDiverseBeamSearch().UseTokenGuide("g"), "llama.diverse_beam_search", "llama.token_guide",
            "llama.diverse_beam_search and llama.token_guide are set, but a beam search follows several texts and guidance changes what the model says of one text. Leave one unset."
        },
        {
            new ChatOptions().UseTokenGuide("g").UseSpeculativeDecoding("draft"), "llama.token_guide", "llama.speculative_decoding",
            "llama.token_guide and llama.speculative_decoding are set, but guidance changes what the model says of one text and drafts are verified against what the model says of one text. Leave one unset."
        },
        {
            new ChatOptions().UseBeamSearch().UsePromptLookup(), "llama.beam_search", "llama.prompt_lookup",
            "llama.beam_search and llama.prompt_lookup are set, but a beam search follows several texts and drafts are verified against what the model says of one text. Leave one unset."
        },
        {
            new ChatOptions { Temperature = 0.7f }.UseContrastiveSearch(), "llama.contrastive_search", "temperature",
            "llama.contrastive_search and temperature are set: temperature shapes a draw, but this search does not draw. Leave it out, or use llama.beam_search with sample = true."
        },
        {
            new ChatOptions { Temperature = 0 }.UseBestOf(), "llama.best_of", "temperature",
            "llama.best_of and temperature are set: temperature always takes the most probable token, so all 4 answers would be the same. Set a temperature above 0, or leave llama.best_of unset."
        },
        {
            new ChatOptions().UseContrastiveSearch().UseContextOverflow(ContextOverflow.Shift), "llama.contrastive_search", "llama.context_overflow",
            "llama.contrastive_search and llama.context_overflow are set: llama.context_overflow is 'shift', which moves cells, but the texts of a search share theirs. Use 'truncate_oldest' or 'error'."
        },
        {
            new ChatOptions().UseGuidance("x").UseContextOverflow(ContextOverflow.Shift), "llama.guidance", "llama.context_overflow",
            "llama.guidance and llama.context_overflow are set: llama.context_overflow is 'shift', which forgets the same range of all texts, but the two prompts of guidance differ. " +
            "Use 'truncate_oldest' or 'error'."
        },
        {
            new ChatOptions().UseBestOf().UseJumpForward(), "llama.best_of", "llama.jump_forward",
            "llama.best_of and llama.jump_forward are set: llama.jump_forward is true, but a search asks the model for every token, since it compares what they score. Leave it unset."
        },
    };

    [Theory]
    [MemberData(nameof(FormsOfValues), DisableDiscoveryEnumeration = true)]
    public void Get_AnyFormOfTheValue_IsRead(string key, object value)
    {
        object expected = key switch
        {
            "llama.contrastive_search" => new ContrastiveSearchOptions { TopK = 5, Alpha = 0.25 },
            "llama.guidance" => new GuidanceOptions { NegativePrompt = "Be rude.", Scale = 2 },
            "llama.token_guide" => new TokenGuideOptions { Guide = "positive", Strength = 2, TopK = 9 },
            _ => new BestOfOptions { Count = 3, Scorer = "mine" },
        };

        Assert.Equal(expected, Get(new ChatOptions { AdditionalProperties = new() { [key] = value } }, key));
    }

    [Theory]
    [MemberData(nameof(PlainValues), DisableDiscoveryEnumeration = true)]
    public void Get_PlainValue_StandsForTheMainOne(string key, object value, object expected) =>
        Assert.Equal(expected, Get(new ChatOptions { AdditionalProperties = new() { [key] = value } }, key));

    [Theory]
    [InlineData("llama.contrastive_search", """{"k":4}""", """{"top_k": 4, "alpha": 0.6}""")]
    [InlineData("llama.contrastive_search", "true", """{"top_k": 4, "alpha": 0.6}""")]
    [InlineData("llama.guidance", """{"negative_messages":[{"role":"user"}]}""", """{"negative_prompt": "Answer at length.", "scale": 1.5}""")]
    [InlineData("llama.token_guide", """{"guide":"a","weight":1}""", """{"guide": "positive", "strength": 1}""")]
    [InlineData("llama.best_of", """{"count":2.5}""", """{"count": 4, "scorer": "likelihood"}""")]
    public void Get_Malformed_SaysWhatIsWrong(string key, string value, string example)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => Get(new ChatOptions { AdditionalProperties = new() { [key] = value } }, key));

        Assert.Equal($"{key} is {value}, but must be an object of the values that docs/search.md names, such as {example}. Change the option or leave it unset.", error.Message);
    }

    [Fact]
    public void Use_WrittenAndCloned_IsReadAsWritten()
    {
        ChatOptions options = new ChatOptions().UseContrastiveSearch(5, 0.25).UseGuidance([new(ChatRole.System, "Be rude."), new(ChatRole.User, "Hi")], 3).UseTokenGuide("g", 2, 7).UseBestOf(3, "mine").Clone();

        Assert.All(options.AdditionalProperties!.Values, value => Assert.IsType<JsonElement>(value));
        Assert.Equal(new ContrastiveSearchOptions { TopK = 5, Alpha = 0.25 }, options.GetContrastiveSearch());
        Assert.Equal([new GuidanceMessage("system", "Be rude."), new GuidanceMessage("user", "Hi")], options.GetGuidance()!.NegativeMessages!);
        Assert.Equal(3, options.GetGuidance()!.Scale);
        Assert.Equal(new TokenGuideOptions { Guide = "g", Strength = 2, TopK = 7 }, options.GetTokenGuide());
        Assert.Equal(new BestOfOptions { Count = 3, Scorer = "mine" }, options.GetBestOf());
    }

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Use_ValueOutOfItsRange_IsRefused(Action<ChatOptions> use, string option, string message)
    {
        var error = Assert.Throws<InvalidSearchException>(() => use(new ChatOptions()));

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
    public void Read_BothKindsOfGuidance_GoTogether()
    {
        GenerationSettings settings = Reader.Read(new ChatOptions().UseGuidance("x").UseTokenGuide("g"), null!);

        Assert.Equal(("llama.guidance", "llama.token_guide"), (settings.Guidance!.Option, settings.TokenGuide!.Option));
    }

    [Fact]
    public void Read_StrongestPlace_CountsAndIsChecked()
    {
        var raw = new LlamaGenerationOptions { ContrastiveSearch = new() { TopK = 7 } };
        ChatOptions options = new ChatOptions { RawRepresentationFactory = _ => raw }.UseContrastiveSearch(2);

        Assert.Equal(("LlamaGenerationOptions.ContrastiveSearch", 7), (Reader.Read(options, null!).Contrastive!.Option, Reader.Read(options, null!).Contrastive!.Options.TopK));
        raw.ContrastiveSearch = new() { Alpha = 2 };
        Assert.Throws<InvalidSearchException>(() => Reader.Read(options, null!));
        Assert.Null(Reader.Read(null, null!).Contrastive);
    }

    private static object? Get(ChatOptions options, string key) => key switch
    {
        "llama.contrastive_search" => options.GetContrastiveSearch(),
        "llama.guidance" => options.GetGuidance(),
        "llama.token_guide" => options.GetTokenGuide(),
        _ => options.GetBestOf(),
    };
}
