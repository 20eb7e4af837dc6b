using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Chat;

/// <summary>Reads the tokens of an answer: whole characters, reasoning apart from the answer, nothing that may still be a mark or a stop sequence. One instance an answer.</summary>
internal sealed class AnswerReader
{
    private static readonly StopSequences NoStops = new([]);

    private readonly AnswerText _answer;
    private readonly AnswerText? _reasoning;
    private readonly ReasoningSplitter? _splitter;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="stops">Texts that end the answer.</param>
    /// <param name="reasoning">The marks of reasoning; <see langword="null"/> when all is answer.</param>
    /// <param name="stopsInReasoning">Whether they end reasoning too.</param>
    public AnswerReader(Vocabulary vocabulary, StopSequences stops, ReasoningTokens? reasoning, bool stopsInReasoning = false)
    {
        _answer = new AnswerText(vocabulary, stops);
        if (reasoning is not null)
        {
            _reasoning = new AnswerText(vocabulary, stopsInReasoning ? stops : NoStops);
            _splitter = new ReasoningSplitter(vocabulary, reasoning, _reasoning, _answer);
        }
    }

    /// <summary>Tokens that have been read.</summary>
    public int TokenCount { get; private set; }

    /// <summary>How many of them are reasoning; <see langword="null"/> for a model that does not reason.</summary>
    public int? ReasoningTokenCount => _splitter?.ReasoningTokenCount;

    /// <summary>Reads tokens and adds what has become certain to the pieces.</summary>
    public void Append(IReadOnlyList<int> tokens, List<AnswerPiece> pieces)
    {
        TokenCount += tokens.Count;
        if (_splitter is null)
        {
            Add(pieces, AnswerPieceKind.Text, _answer.Append(tokens));
            return;
        }

        for (int index = 0; index < tokens.Count; index++)
        {
            _splitter.Append(tokens[index]);
        }

        Add(pieces, AnswerPieceKind.Reasoning, _reasoning!.Take());
        Add(pieces, AnswerPieceKind.Text, _answer.Take());
    }

    /// <summary>Adds the rest to the pieces, once no token follows.</summary>
    public void Complete(List<AnswerPiece> pieces)
    {
        _splitter?.Complete();
        Add(pieces, AnswerPieceKind.Reasoning, _reasoning?.Complete() ?? "");
        Add(pieces, AnswerPieceKind.Text, _answer.Complete());
    }

    private static void Add(List<AnswerPiece> pieces, AnswerPieceKind kind, string text)
    {
        if (text.Length > 0)
        {
            pieces.Add(new AnswerPiece(kind, text));
        }
    }
}
