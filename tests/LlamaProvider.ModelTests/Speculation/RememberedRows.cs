using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.ModelTests.Speculation;

/// <summary>A real model whose rows are evaluated once a prefix and remembered, so that thousands of short answers take seconds, and all see the same rows.</summary>
internal sealed class RememberedRows : IDisposable
{
    private readonly LlamaCppModel _model;
    private readonly IModelContext _context;
    private readonly ModelBatch _batch = new();
    private readonly Dictionary<string, float[]> _rows = new(StringComparer.Ordinal);
    private int[] _held = [];

    public RememberedRows(string path)
    {
        _model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        _context = _model.CreateContext(new ContextOptions { ContextLength = 512, Sequences = 1, BatchTokens = 256, Threads = 1 });
        Model = new ScriptedModel(_model.Vocabulary, (prefix, logits) => Row(prefix).CopyTo(logits));
    }

    /// <summary>The model as a function from prefix to logits.</summary>
    public ScriptedModel Model { get; }

    public int[] Encode(string markup) => [.. _model.Tokenizer.EncodeMarkup(markup)];

    /// <summary>The logits that follow a prefix.</summary>
    public float[] Row(ReadOnlySpan<int> prefix)
    {
        var lookup = _rows.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> key = MemoryMarshal.Cast<int, char>(prefix);
        if (!lookup.TryGetValue(key, out float[]? row))
        {
            lookup[key] = row = Evaluate(prefix);
        }

        return row;
    }

    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    private float[] Evaluate(ReadOnlySpan<int> prefix)
    {
        int common = prefix[..^1].CommonPrefixLength(_held);
        _context.Trim(0, common);
        _batch.Clear();
        for (int i = common; i < prefix.Length - 1; i++)
        {
            _batch.Add(prefix[i], i, 0);
        }

        _batch.AddOutput(prefix[^1], prefix.Length - 1, 0);
        Assert.Equal(EvaluationStatus.Completed, _context.Evaluate(_batch));
        _held = prefix.ToArray();
        return _context.GetLogits(0).ToArray();
    }
}
