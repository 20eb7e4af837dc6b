using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

/// <summary>Masses are whole numbers, so that sums are exact in any order and borders are hit.</summary>
public sealed class MassSelectionTests
{
    private static readonly Gen<(float Key, float Mass)> Item =
        Gen.Select(Gen.OneOf(Gen.Float[-20, 20], Gen.Int[0, 9].Select(i => (float)i), Gen.Const(float.PositiveInfinity)), Gen.Int[0, 6], (key, mass) => (key, (float)mass));

    private static readonly Gen<(float Key, float Mass)[]> Items = Gen.OneOf(
        Item.Array[1, 300],
        Item.Array[1, 12],
        Gen.Int[1, 300].Select(count => Enumerable.Range(0, count).Select(i => ((float)i, 1f)).ToArray()),
        Gen.Int[1, 300].Select(count => Enumerable.Repeat((3f, 1f), count).ToArray()));

    [Fact]
    public void Find_AnyMasses_IsWhereACumulativeWalkCrosses() =>
        Gen.Select(Items, Gen.Double[0, 1.1], Gen.Bool, Gen.Bool).Sample(
            (items, share, isRound, exceed) =>
            {
                double target = share * items.Sum(item => (double)item.Mass);
                Check(items, isRound ? Math.Round(target) : target, exceed);
            },
            iter: 5000);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(300)]
    public void Find_TargetZero_IsTheFirstKeyWithMass(int count)
    {
        foreach (bool exceed in new[] { false, true })
        {
            Check([.. Enumerable.Repeat((3f, 1f), count)], 0, exceed);
            Check([.. Enumerable.Range(0, count).Select(i => (i / 2f, (float)(i % 2)))], 0, exceed);
        }
    }

    private static void Check((float Key, float Mass)[] items, double target, bool exceed)
    {
        float[] keys = [.. items.Select(item => item.Key)];
        float[] masses = [.. items.Select(item => item.Mass)];

        Assert.Equal(Walk(items, target, exceed), MassSelection.Find(keys, masses, target, exceed));
    }

    private static (float Key, double Before) Walk((float Key, float Mass)[] items, double target, bool exceed)
    {
        double before = 0;
        foreach (IGrouping<float, (float Key, float Mass)> group in items.GroupBy(item => item.Key).OrderBy(group => group.Key))
        {
            double mass = before + group.Sum(item => (double)item.Mass);
            if (exceed ? mass > target : mass >= target)
            {
                return (group.Key, before);
            }

            before = mass;
        }

        return (float.PositiveInfinity, before);
    }
}
