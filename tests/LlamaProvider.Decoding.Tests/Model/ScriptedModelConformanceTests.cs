using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Conformance;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Model;

/// <summary>The scripted model keeps the seam's contract, so what is proved on it holds on a real one.</summary>
public sealed class ScriptedModelConformanceTests : ModelContextConformance
{
    private readonly ScriptedModel _model = new(ScriptedVocabulary.Bytes(), ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()).Logits)
    {
        Adapters = ["first", "second"],
    };

    protected override ILanguageModel Model => _model;

    protected override void CancelDuringNextEvaluation(CancellationTokenSource source, int attempt) =>
        _model.Faults.BeforeToken = index =>
        {
            if (index == 100)
            {
                _model.Faults.BeforeToken = null;
                source.Cancel();
            }
        };
}
