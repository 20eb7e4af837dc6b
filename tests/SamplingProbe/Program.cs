using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

// The first line is how many values one instruction compares here; the others are the tokens that each pipeline chose.
const int VocabularySize = 5000;
const int Tokens = 24;
Console.WriteLine(LogitScan.Lanes);

var vocabulary = new Vocabulary(Enumerable.Range(0, VocabularySize).Select(token => new VocabularyEntry(new byte[] { (byte)token })), new SpecialTokens());
SamplerPipeline[] pipelines =
[
    SamplerPipeline.Deterministic,
    SamplerPipeline.Balanced,
    SamplerPipeline.Creative,
    SamplerPipeline.Create(s => s.Temperature(1.3)),
    SamplerPipeline.Create(s => s.TopP(0.9)),
    SamplerPipeline.Create(s => s.Typical(0.9).Temperature(1.1)),
    SamplerPipeline.Create(s => s.TopNSigma(1.5).Xtc(0.5, 0.05).DynamicTemperature(1, 0.5)),
    SamplerPipeline.Create(s => s.Penalties(repeat: 1.3, frequency: 0.5).EtaCutoff(0.001).TopH(0.6)),
    SamplerPipeline.Create(s => s.EpsilonCutoff(0.0003).Mirostat(tau: 4)),
    SamplerPipeline.Create(s => s.MirostatV2(tau: 4)),
    SamplerPipeline.Create(s => s.MinP(0.02).AdaptiveP(0.2)),
];
foreach (SamplerPipeline pipeline in pipelines)
{
    var random = new Xoshiro256(7);
    var sampler = new TokenSampler(new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool()), [1, 2, 3], seed: 11);
    float[] logits = new float[VocabularySize];
    for (int i = 0; i < Tokens; i++)
    {
        // A sum of uniform numbers: near to normal, and exact on every machine.
        foreach (ref float logit in logits.AsSpan())
        {
            logit = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 6);
        }

        sampler.Accept(sampler.Choose(logits));
    }

    Console.WriteLine(string.Join(' ', sampler.Tokens[sampler.PromptLength..].ToArray()));
}
