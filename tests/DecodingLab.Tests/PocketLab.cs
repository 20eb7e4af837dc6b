using System.Collections.Concurrent;
using DecodingLab.Chapters;

namespace DecodingLab.Tests;

/// <summary>The embedded models, loaded once for all tests, and what each chapter came to with the default seed.</summary>
public sealed class PocketLab : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ChapterRun>>> _runs = [];

    internal Lab Lab { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Lab = await Lab.LoadAsync(new LabOptions(), progress: null, TestContext.Current.CancellationToken);

    internal Task<ChapterRun> RunAsync(string chapter) => _runs.GetOrAdd(chapter, name => new(() => ChapterList.All.First(chapter => chapter.Name == name).RunAsync(Lab, new Progress<double>(), CancellationToken.None))).Value;

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
