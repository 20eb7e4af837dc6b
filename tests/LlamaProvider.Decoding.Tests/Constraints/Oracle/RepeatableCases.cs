using CsCheck;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>The same cases in every run. CsCheck's own seed decides the first case only, so a rare one would fail where nothing was changed.</summary>
internal static class RepeatableCases
{
    /// <summary>How many times as many cases are looked at, for a search by hand.</summary>
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("LLAMA_TEST_CASES_TIMES") ?? "1");

    /// <summary>Checks cases of a generator, one after the other. Of one that fails CsCheck looks for a smaller one, and tells its seed.</summary>
    /// <param name="generator">Makes the cases.</param>
    /// <param name="count">How many.</param>
    /// <param name="check">Throws on a case that fails.</param>
    public static void ForEach<T>(this Gen<T> generator, int count, Action<T> check)
    {
        var random = new PCG(stream: 1, seed: 20);
        for (int i = 0; i < count * Times; i++)
        {
            string seed = random.ToString();
            T value = generator.Generate(random, null, out _);
            try
            {
                check(value);
            }
            catch (Exception)
            {
                generator.Sample(check, seed: seed, iter: 1_000, threads: 1);
                throw;
            }
        }
    }
}
