namespace LlamaProvider.Downloads.Cache;

/// <summary>Lets one at a time write a file, in this process and others: who opens the lock's file alone has it, and the system takes it back when a process ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock; disposing the result gives it back. The file stays, since another may be waiting for it.</summary>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
