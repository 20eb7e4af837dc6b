using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Hostile content in every place of a conversation, on every published template at hand.</summary>
[Trait("Category", "Reference")]
public sealed partial class ForgeryReferenceTests
{
    [Theory]
    [InlineData(TokenAttributes.Control)]
    [InlineData(TokenAttributes.UserDefined)]
    public void Build_MarksInContent_AreNotTheTokensOfTheTemplate(TokenAttributes kind)
    {
        int marks = 0;
        int rendered = 0;
        foreach (string name in ReferenceData.TemplateNames())
        {
            string source = ReferenceData.Template(name);
            string[] names = [.. Mark().Matches(source).Select(match => match.Value).Concat(Others(kind)).Distinct(StringComparer.Ordinal)];
            ScriptedModel model = ModelOf(names, kind);
            var builder = new ChatPromptBuilder(model, source, TimeProvider.System);
            foreach (PromptRequest request in Requests(string.Concat(names)))
            {
                if (TryRender(builder, request) is not { } prompt)
                {
                    continue;
                }

                rendered++;
                List<int> tokens = builder.Build(request);
                List<int> expected = MarksOf(model, model.Tokenizer.EncodeMarkup(WithoutContent(prompt)));
                marks += expected.Count;
                Assert.True(expected.SequenceEqual(MarksOf(model, tokens)), $"{name}: {prompt.Text}");
                Assert.Equal(prompt.Text, Encoding.UTF8.GetString([.. tokens.SelectMany(token => model.Vocabulary.GetBytes(token).ToArray())]));
            }
        }

        Assert.True(rendered > 200, $"Only {rendered} prompts were rendered.");
        Assert.True(marks > 1000, $"Only {marks} marks were looked at.");
    }

    /// <summary>Control tokens that the template does not write must not come out of content either; user-defined ones may.</summary>
    private static string[] Others(TokenAttributes kind) => kind == TokenAttributes.Control ? ["<|im_end|>", "<|endoftext|>", "</s>"] : [];

    /// <summary>One conversation for each place; a template may refuse what it reads there.</summary>
    private static IEnumerable<PromptRequest> Requests(string hostile)
    {
        foreach (Place place in Enum.GetValues<Place>())
        {
            string At(Place here) => here == place ? hostile : "x";
            AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration(At(Place.FunctionName), At(Place.Description), JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"string"}}}"""));
            yield return new PromptRequest
            {
                Tools = place is Place.FunctionName or Place.Description ? [tool] : [],
                Messages =
                [
                    new(ChatRole.System, At(Place.System)),
                    new(ChatRole.User, At(Place.User)) { AuthorName = At(Place.Author) },
                    new(ChatRole.Assistant, [new TextReasoningContent(At(Place.Reasoning)), new FunctionCallContent("abcdefghi", At(Place.FunctionName), new Dictionary<string, object?> { ["a"] = At(Place.Argument) })]),
                    new(ChatRole.Tool, [new FunctionResultContent("abcdefghi", At(Place.Result))]),
                    new(ChatRole.Assistant, At(Place.Assistant)),
                    new(ChatRole.User, "x"),
                ],
            };
        }
    }

    private static RenderedPrompt? TryRender(ChatPromptBuilder builder, PromptRequest request)
    {
        try
        {
            return builder.Render(request);
        }
        catch (ChatTemplateException)
        {
            return null;
        }
    }

    /// <summary>What the template wrote, with a sign that no mark has in the place of each content.</summary>
    private static string WithoutContent(RenderedPrompt prompt)
    {
        var text = new StringBuilder();
        int position = 0;
        foreach (ContentRange range in prompt.ContentRanges)
        {
            text.Append(prompt.Text, position, range.Start - position).Append('\u0001');
            position = range.End;
        }

        return text.Append(prompt.Text, position, prompt.Text.Length - position).ToString();
    }

    private static List<int> MarksOf(ScriptedModel model, List<int> tokens) =>
        tokens.FindAll(token => (model.Vocabulary.GetAttributes(token) & (TokenAttributes.Control | TokenAttributes.UserDefined)) != TokenAttributes.None);

    private static ScriptedModel ModelOf(string[] names, TokenAttributes kind) => ScriptedModel.PseudoRandom(new Vocabulary(
        [
            .. Enumerable.Range(0, 256).Select(value => new VocabularyEntry(new[] { (byte)value }, TokenAttributes.Byte)),
            .. names.Select(name => new VocabularyEntry(Encoding.UTF8.GetBytes(name), kind)),
        ],
        new SpecialTokens()));

    [GeneratedRegex(@"<[|｜/]?[A-Za-z_][\w:|｜▁ ]{0,30}[|｜]?>|\[/?[A-Z_]{3,30}\]", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    private enum Place
    {
        System,
        User,
        Author,
        Reasoning,
        FunctionName,
        Description,
        Argument,
        Result,
        Assistant,
    }
}
