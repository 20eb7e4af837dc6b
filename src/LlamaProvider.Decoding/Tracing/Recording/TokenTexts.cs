using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>The texts of a vocabulary's tokens, each made when it is first asked for. Safe for concurrent use: whoever is first, the text is the same.</summary>
internal sealed class TokenTexts(Vocabulary vocabulary)
{
    private readonly string?[] _texts = new string?[vocabulary.Count];

    public Vocabulary Vocabulary { get; } = vocabulary;

    public string this[int token] => _texts[token] ??= Vocabulary.GetText(token);

    public TraceToken Token(int token) => new(token, this[token]);
}
