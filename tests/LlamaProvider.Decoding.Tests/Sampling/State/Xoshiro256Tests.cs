using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.State;

public sealed class Xoshiro256Tests
{
    /// <summary>
    /// SplitMix64's published first outputs for seed 1234567 are the four state words here; what xoshiro256** makes of them is computed from its definition.
    /// </summary>
    [Fact]
    public void NextUInt64_SeedOfThePublishedVector_FollowsTheDefinition()
    {
        ulong[] state = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];
        var random = new Xoshiro256(1234567);

        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(Reference(state), random.NextUInt64());
        }
    }

    [Fact]
    public void NextUInt64_SeedZero_StreamIsFixed()
    {
        var random = new Xoshiro256(0);

        Assert.Equal([11091344671253066420, 13793997310169335082, 1900383378846508768], Enumerable.Range(0, 3).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Copy_OfTheState_ForksTheStream()
    {
        var random = new Xoshiro256(42);
        random.NextUInt64();
        Xoshiro256 fork = random;

        Assert.Equal(random.NextUInt64(), fork.NextUInt64());
    }

    [Fact]
    public void NextDouble_ManyDraws_AreUniform()
    {
        var random = new Xoshiro256(7);
        int[] counts = new int[16];
        for (int i = 0; i < 160_000; i++)
        {
            double value = random.NextDouble();
            Assert.InRange(value, 0, Math.BitDecrement(1.0));
            counts[(int)(value * 16)]++;
        }

        Assert.InRange(Statistics.ChiSquare(counts, [.. Enumerable.Repeat(1.0 / 16, 16)]), 0, Statistics.ChiSquareLimit(15));
    }

    private static ulong Reference(ulong[] s)
    {
        static ulong Rotl(ulong x, int k) => (x << k) | (x >> (64 - k));
        ulong result = unchecked(Rotl(s[1] * 5, 7) * 9);
        ulong t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = Rotl(s[3], 45);
        return result;
    }
}
