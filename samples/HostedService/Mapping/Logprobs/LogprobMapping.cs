using HostedService.Wire;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping.Logprobs;

/// <summary>From chosen tokens to log-probabilities in OpenAI's two forms.</summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="top">How many alternatives each token has.</param>
internal sealed class LogprobMapping(Vocabulary vocabulary, int top)
{
    /// <summary>What stands for a probability that is too small for a number: JSON has no infinity, and OpenAI's API writes this.</summary>
    private const double Least = -9999;

    /// <summary>What finds the tokens of each of several answers.</summary>
    public ShownTokens[] CreateShownTokens(int answers) => [.. Enumerable.Range(0, answers).Select(_ => new ShownTokens(vocabulary))];

    /// <summary>The tokens that show in the text of a whole answer.</summary>
    public IReadOnlyList<ShownToken> FindShown(ChatResponse response)
    {
        AIContent[] contents = [.. response.Messages.SelectMany(static message => message.Contents)];
        var shown = new ShownTokens(vocabulary);
        shown.Read(response.GetTrace().Steps);
        shown.PassReasoning(string.Concat(contents.OfType<TextReasoningContent>()));
        return [.. shown.Show(string.Concat(contents.OfType<TextContent>())), .. shown.Complete()];
    }

    public ChatLogprobs ToChat(IReadOnlyList<ShownToken> tokens) => new() { Content = [.. tokens.Select(token => ToChat(token.Choice))] };

    public TextLogprobs ToText(IReadOnlyList<ShownToken> tokens) => new()
    {
        Tokens = [.. tokens.Select(static token => token.Choice.Token.Text)],
        TokenLogprobs = [.. tokens.Select(static token => Bound(token.Choice.LogProbability))],
        TopLogprobs = [.. tokens.Select(token => ByText(token.Choice))],
        TextOffset = [.. tokens.Select(static token => token.Offset)],
    };

    private static double Bound(double logarithm) => Math.Max(Least, logarithm);

    private TokenLogprob ToChat(TokenStep choice) => new()
    {
        Token = choice.Token.Text,
        Logprob = Bound(choice.LogProbability),
        Bytes = BytesOf(choice.Token.Id),
        TopLogprobs =
        [
            .. from candidate in Alternatives(choice)
               select new TopLogprob
               {
                   Token = candidate.Text,
                   Logprob = candidate.Logarithm,
                   Bytes = vocabulary.IsText(candidate.Token) ? BytesOf(candidate.Token) : null,
               },
        ],
    };

    /// <summary>Tokens may have the same text, such as parts of characters; the best of them stands for all, and the chosen one for itself.</summary>
    private Dictionary<string, double> ByText(TokenStep choice)
    {
        var logarithms = new Dictionary<string, double>(StringComparer.Ordinal) { [choice.Token.Text] = Bound(choice.LogProbability) };
        foreach ((_, string text, double logarithm) in Alternatives(choice))
        {
            logarithms.TryAdd(text, logarithm);
        }

        return logarithms;
    }

    private IEnumerable<(int Token, string Text, double Logarithm)> Alternatives(TokenStep choice) =>
        from candidate in choice.Model!.Top.Take(top)
        select (candidate.Token, candidate.Text, Bound(candidate.Token == choice.Token.Id ? choice.LogProbability : Math.Log(candidate.Probability)));

    private int[] BytesOf(int token) => [.. vocabulary.GetBytes(token).ToArray().Select(static value => (int)value)];
}
