using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Native;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Native;

/// <summary>The working set is the process's, so no other test may load or free a model meanwhile.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public sealed class NativeMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llama").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoadAndDispose_ManyTimes_LeavesNoMemoryBehind()
    {
        string unknown = UnknownArchitecture.Write(TestFiles.PocketDraft, Path.Combine(_folder, "unknown.gguf"));
        Cycle(5);
        long before = Environment.WorkingSet;

        Cycle(40);

        // A leak of one model and context a cycle would be above 300 MB.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 80L << 20);

        void Cycle(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using LlamaCppModel model = Load(TestFiles.PocketChat);
                using IModelContext context = model.CreateContext(new ContextOptions { ContextLength = 1024 });
                Assert.Throws<ModelLoadException>(() => Load(unknown));
                Assert.Throws<ContextCreationException>(() => model.CreateContext(new ContextOptions { ContextLength = 2_000_000_000 }));
            }
        }
    }

    private static LlamaCppModel Load(string path) =>
        LlamaCppModel.Load(path, new LlamaCppModelOptions { MemoryMap = false }, null, CancellationToken.None);
}
