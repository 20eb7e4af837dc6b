namespace LlamaProvider.Downloads.Tests;

/// <summary>Lets a server wait until a download has read what it was sent.</summary>
internal sealed class Arrivals : IProgress<ModelDownloadProgress>
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    public void Report(ModelDownloadProgress value)
    {
        lock (_lock)
        {
            _bytes = value.ReceivedBytes;
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task WaitAsync(long bytes)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_bytes >= bytes)
                {
                    return;
                }

                more = _more.Task;
            }

            await more.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }
}
