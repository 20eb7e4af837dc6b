using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Reads the reasoning of one answer out of its tokens, and hands the rest to the answer's text.</summary>
internal sealed class ReasoningReader
{
    private readonly AnswerText _text;
    private readonly ReasoningSplitter _splitter;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="stops">Texts that end reasoning.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="answer">Receives the answer.</param>
    /// <param name="isReturned">Whether the caller sees reasoning.</param>
    /// <param name="callBegin">What stands between reasoning and a call.</param>
    public ReasoningReader(Vocabulary vocabulary, StopSequences stops, ReasoningTokens marks, AnswerText answer, bool isReturned, string callBegin = "")
    {
        _text = new AnswerText(vocabulary, stops);
        _splitter = new ReasoningSplitter(marks, _text, answer, callBegin);
        IsReturned = isReturned;
    }

    /// <summary>Whether the caller sees reasoning.</summary>
    public bool IsReturned { get; }

    /// <summary>Tokens of reasoning, its closing mark included.</summary>
    public int TokenCount => _splitter.ReasoningTokenCount;

    /// <summary>Adds tokens and returns the reasoning that has become certain; empty when none has.</summary>
    public string Append(IReadOnlyList<int> tokens)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            _splitter.Append(tokens[index]);
        }

        return _text.Take();
    }

    /// <summary>The rest, once no token follows.</summary>
    public string Complete()
    {
        _splitter.Complete();
        return _text.Complete();
    }
}
