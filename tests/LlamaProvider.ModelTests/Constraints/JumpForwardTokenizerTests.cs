using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Native;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Constraints;

/// <summary>The law of jump-forward on real tokenizers: whatever follows, the certain tokens stand where they were appended.</summary>
public sealed class JumpForwardTokenizerTests
{
    private static readonly int[] Lengths = [1, 2, 3, 5, 8, 13, 21, 40];

    private static readonly string[] Texts =
    [
        """{"type":"object","properties":{"name_of_the_city":{"enum":["Rome","Paris","Berlin"]},"number_of_inhabitants":{"type":"integer","minimum":0}}}""",
        "The cat isn't here;  it's 12345 km\n\n  away — or was it (perhaps) \"somewhere\"?\tNo.\n    Indented: ünïcödé 🦙🦙 and 日本語.   \n\t 1 2  3   45    678",
        "{\n  \"name\": \"Rome\",\n  \"numbers\": [1, 22, 333, 4444],\n  \"nested\": { \"deep\": [true, false, null] }\n}",
        "public static int Main(string[] args)\n{\n\treturn args.Length > 0 ? 1 : -1; // don't\n}\n",
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void Append_CutsOfTexts_AreTokenizedSo(string? file)
    {
        string path = file is null ? TestFiles.PocketChat : TestFiles.RequireModel(file.Split('/'));
        using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), progress: null, CancellationToken.None);
        var jump = new JumpForward(new ConstraintVocabulary(model.Vocabulary), model.Tokenizer);
        int certain = 0;
        foreach (string text in Texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var whole = new List<int>();
            model.Tokenizer.EncodeText(bytes, whole);
            int start = 0;
            for (int border = 0; border < whole.Count; border++)
            {
                foreach (int length in Lengths)
                {
                    int end = Math.Min(start + length, bytes.Length);
                    var tokens = new List<int>();

                    jump.Append([.. whole.Take(border)], bytes.AsSpan(start, end - start), end < bytes.Length ? ByteSet.Of(bytes[end]) : default, tokens);

                    Assert.Equal(whole.Skip(border).Take(tokens.Count), tokens);
                    certain += tokens.Count;
                }

                start += model.Vocabulary.GetBytes(whole[border]).Length;
            }
        }

        Assert.True(certain > 1000, $"Only {certain} tokens were certain.");
    }
}
