using System.Text.Json;
using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>Every kind of component with any parameters.</summary>
internal static class SamplerComponents
{
    private static readonly Gen<double> Share = Gen.OneOf(Gen.Double[0, 1], Gen.OneOf(0.0, 1.0));
    private static readonly Gen<double> AtLeastZero = Gen.OneOf(Gen.Double[0, 10], Gen.OneOf(0.0, 1e300, double.Epsilon));
    private static readonly Gen<double> Positive = Gen.OneOf(Gen.Double[0.001, 10], Gen.OneOf(1e300, double.Epsilon));
    private static readonly Gen<double> Finite = Gen.OneOf(Gen.Double[-10, 10], Gen.OneOf(-1e300, 0, double.MaxValue));
    private static readonly Gen<int> Count = Gen.OneOf(Gen.Int[1, 1000], Gen.Const(int.MaxValue));
    private static readonly Gen<int?> Window = Gen.OneOf(Gen.Const((int?)null), Count.Select(n => (int?)n));
    private static readonly Gen<string[]?> Breakers = Gen.OneOf(Gen.Const((string[]?)null), Gen.OneOf("\n", "é", "\"", "\u0001", "<|im_end|>").Array[0, 3].Select(texts => (string[]?)texts));
    private static readonly Gen<JsonElement?> Parameters =
        Gen.OneOf(null, "1.50", "\"text\"", "{\"a\":[1,null,{\"type\":\"x\"}]}", "[]", "true").Select(json => json is null ? (JsonElement?)null : JsonDocument.Parse(json).RootElement);

    public static IReadOnlyDictionary<Type, Gen<SamplerStage>> Stages { get; } = new Dictionary<Type, Gen<SamplerStage>>
    {
        [typeof(LogitBiasStage)] = Gen.Dictionary(Gen.Int[0, 200_000], Gen.OneOf(Finite, Gen.Const(double.NegativeInfinity)))[0, 5].Select(SamplerStage (bias) => new LogitBiasStage(bias)),
        [typeof(PenaltiesStage)] = Gen.Select(Positive, Finite, Finite, Window, Gen.Bool, SamplerStage (r, f, p, n, all) => new PenaltiesStage(r, f, p, n, all)),
        [typeof(DryStage)] = Gen.Select(AtLeastZero, Gen.Double[1, 3], Count, Window, Breakers, SamplerStage (m, b, a, n, breakers) => new DryStage(m, b, a, n, breakers)),
        [typeof(NoRepeatNgramStage)] = Count.Select(SamplerStage (n) => new NoRepeatNgramStage(n)),
        [typeof(ExponentialDecayLengthStage)] = Gen.Select(Gen.Int[0, 1000], Positive, SamplerStage (start, factor) => new ExponentialDecayLengthStage(start, factor)),
        [typeof(TopNSigmaStage)] = Positive.Select(SamplerStage (n) => new TopNSigmaStage(n)),
        [typeof(TopKStage)] = Gen.Select(Gen.Int[0, 1000], Gen.Bool, SamplerStage (k, ties) => new TopKStage(k, ties)),
        [typeof(TypicalStage)] = Gen.Select(Share, Count, Gen.Bool, SamplerStage (p, n, ties) => new TypicalStage(p, n, ties)),
        [typeof(TopPStage)] = Gen.Select(Share, Count, SamplerStage (p, n) => new TopPStage(p, n)),
        [typeof(MinPStage)] = Gen.Select(Share, Count, SamplerStage (p, n) => new MinPStage(p, n)),
        [typeof(EpsilonCutoffStage)] = Gen.Select(Share, Count, SamplerStage (e, n) => new EpsilonCutoffStage(e, n)),
        [typeof(EtaCutoffStage)] = Gen.Select(Share, Count, SamplerStage (e, n) => new EtaCutoffStage(e, n)),
        [typeof(TopHStage)] = Gen.Select(Share, Count, SamplerStage (h, n) => new TopHStage(h, n)),
        [typeof(XtcStage)] = Gen.Select(Share, Gen.Double[0, 0.5], Count, SamplerStage (p, t, n) => new XtcStage(p, t, n)),
        [typeof(InfillStage)] = Gen.Const((SamplerStage)new InfillStage()),
        [typeof(TemperatureStage)] = AtLeastZero.Select(SamplerStage (t) => new TemperatureStage(t)),
        [typeof(DynamicTemperatureStage)] = Gen.Select(AtLeastZero, AtLeastZero, AtLeastZero, SamplerStage (t, r, e) => new DynamicTemperatureStage(t, r, e)),
        [typeof(CustomStage)] = Gen.Select(Gen.OneOf("mine", "ünïcode \"name\""), Parameters, SamplerStage (name, parameters) => new CustomStage(name, parameters)),
    };

    public static IReadOnlyDictionary<Type, Gen<TokenSelector>> Selectors { get; } = new Dictionary<Type, Gen<TokenSelector>>
    {
        [typeof(GreedySelector)] = Gen.Const((TokenSelector)new GreedySelector()),
        [typeof(CategoricalSelector)] = Gen.Const((TokenSelector)new CategoricalSelector()),
        [typeof(MirostatSelector)] = Gen.Select(Positive, AtLeastZero, Gen.Int[2, 1000], TokenSelector (tau, eta, m) => new MirostatSelector(tau, eta, m)),
        [typeof(MirostatV2Selector)] = Gen.Select(Positive, AtLeastZero, TokenSelector (tau, eta) => new MirostatV2Selector(tau, eta)),
        [typeof(AdaptivePSelector)] = Gen.Select(Share, Gen.Double[0, 0.99], TokenSelector (target, decay) => new AdaptivePSelector(target, decay)),
    };

    /// <summary>Some stages in any order, and any selector.</summary>
    public static Gen<SamplerPipeline> AnyPipeline { get; } = Gen.Select(
        Gen.OneOf([.. Stages.Values]).Array[0, 8], Gen.OneOf([.. Selectors.Values]), (stages, selector) => new SamplerPipeline(stages, selector));
}
