using System.Diagnostics;

namespace LlamaProvider.Downloads.Tests;

/// <summary>A disk that another program fills while a model arrives: a small file system in memory, which only an administrator of a Linux system can make.</summary>
public sealed class FullDiskTests : DownloadTest
{
    private const int DiskBytes = 6 << 20;

    [Fact]
    public async Task Download_DiskFillsUp_SaysSoAndGoesOnOnceThereIsRoom()
    {
        Directory.CreateDirectory(Cache);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={DiskBytes}", "tmpfs", Cache), "A small file system cannot be made here.");
        try
        {
            string filler = Path.Combine(Cache, "filler");
            int parts = 0;
            Hub.Intercept = context =>
            {
                if (context.Request.Headers.Range != "bytes=0-0" && Interlocked.Increment(ref parts) == 1)
                {
                    File.WriteAllBytes(filler, new byte[3 << 20]);
                }

                return Task.FromResult(false);
            };

            ModelDownloadException error = await FailAsync();

            Assert.StartsWith($"Cannot download '{Url}': the cache cannot be written (", error.Message, StringComparison.Ordinal);
            Assert.Contains("space", error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith(" Check the folder's permissions and room, or set another CacheFolder.", error.Message, StringComparison.Ordinal);
            AssertAbsent();

            File.Delete(filler);
            AssertWhole(await DownloadAsync());
        }
        finally
        {
            Run("umount", Cache);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
