using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.States;

public sealed class NamePiecesTests
{
    private const string Schema = """
        {"type":"object","properties":{"identifier":{"type":"integer"},"identity":{"type":"boolean"},"a\"b":{"type":"null"}},
         "patternProperties":{"^x-":{"type":"string"}},"additionalProperties":{"type":"integer"},"required":["identifier"]}
        """;

    private static readonly string[] _texts =
    [
        """{"identifier":1,"identity":true,"x-long-name-of-many-bytes":"s","other name":2}""",
        """{"other name":2,"other name""",
        """{"a-name-of-more-than-eight-bytes":1,"a-name-of-more-than-eight":2,"a-name-of-more-than-eight-bytes""",
        """{"a\"b":null,"identifier":3}""",
        """{"ident":1,"identi":2,"identif":3,"identifier":4,"identifiers":5}""",
        """{"x-identifier":1""",
        """{"identity":1""",
    ];

    [Fact]
    public void Accept_TextInAnyPieces_AllowsTheSameNext()
    {
        var random = new Random(5);
        foreach (string text in _texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int round = 0; round < 40; round++)
            {
                GrammarMatcher byBytes = SchemaRun.Compile(Schema).CreateMatcher();
                GrammarMatcher byPieces = SchemaRun.Compile(Schema).CreateMatcher();
                int refused = 0;
                for (int start = 0, end; start < bytes.Length && refused == 0; start = end)
                {
                    end = Math.Min(bytes.Length, start + random.Next(1, 14));
                    refused += byPieces.Accept(bytes.AsSpan(start..end)) ? 0 : 1;
                    bool isLegal = Array.TrueForAll(bytes[start..end], value => byBytes.Accept([value]));
                    Assert.Equal(isLegal, refused == 0);
                    Assert.True(!isLegal || MaskOf(byBytes).Words.SequenceEqual(MaskOf(byPieces).Words), $"After {text[..end]} other tokens are legal.");
                }
            }
        }
    }

    [Fact]
    public void Accept_PiecesOfOneMatcher_ShareStatesWithoutMixingNames()
    {
        GrammarMatcher matcher = SchemaRun.Compile(Schema).CreateMatcher();
        foreach (string[] pieces in (string[][])[["other", "wise"], ["ot", "herwise"], ["o", "t", "h", "e", "r"], ["otherwise!", "!"]])
        {
            ITokenConstraint fork = matcher.Fork();
            var answer = (GrammarMatcher)fork;
            Assert.True(answer.Accept("{\""u8));
            Assert.All(pieces, piece => Assert.True(answer.Accept(Encoding.UTF8.GetBytes(piece))));
            string name = string.Concat(pieces);
            Assert.True(answer.Accept(Encoding.UTF8.GetBytes("\":1,\"identifier\":2,\"other")));
            bool isTaken = !answer.Accept(Encoding.UTF8.GetBytes($"{name["other".Length..]}\":"));
            Assert.True(isTaken, $"The name {name} is allowed twice.");
        }
    }

    private static TokenMask MaskOf(GrammarMatcher matcher)
    {
        var mask = new TokenMask(SchemaRun.Vocabulary.Vocabulary.Count);
        matcher.FillMask(mask);
        return mask;
    }
}
