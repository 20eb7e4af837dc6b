using System.Collections.Concurrent;
using DecodingLab.Chapters;

namespace DecodingLab.Tests;

/// <summary>The embedded models, and what each chapter came to with the default seed.</summary>
public sealed class PocketLab : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ChapterRun>>> _runs = [];

    internal Lab Lab { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Lab = await LoadAsync();

    internal static Task<Lab> LoadAsync() => Lab.LoadAsync(new LabOptions(), progress: null, CancellationToken.None);

    /// <summary>A chapter in an engine of its own: what other tests ask at the same time would change batches, and with them the last digits.</summary>
    internal static async Task<ChapterRun> RunAloneAsync(string name)
    {
        await using Lab lab = await LoadAsync();
        return await ChapterList.All.First(chapter => chapter.Name == name).RunAsync(lab, new Progress<double>(), CancellationToken.None);
    }

    internal Task<ChapterRun> RunAsync(string chapter) => _runs.GetOrAdd(chapter, static name => new(() => RunAloneAsync(name))).Value;

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
