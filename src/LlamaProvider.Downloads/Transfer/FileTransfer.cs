using System.Buffers;
using LlamaProvider.Downloads.Sources;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>Brings the bytes of one file, in parts at once, each of which goes on where it was interrupted.</summary>
internal sealed class FileTransfer(FileServer server, ModelSource source, RemoteFile remote, PartialFile file, ModelDownloadOptions options, Action<long> report)
{
    private const int BufferBytes = 1 << 17;
    private long _received = file.Received;

    /// <exception cref="FileChangedException">The server has another file by now.</exception>
    /// <exception cref="ModelDownloadException">It refuses, or nothing more arrives.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        report(_received);
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(file.Parts.Select(part => FetchAsync(part, failure))).ConfigureAwait(false);
        }
        finally
        {
            file.Save();
        }
    }

    /// <summary>The first part that fails for good ends the others, and its error is the one that counts.</summary>
    private async Task FetchAsync(FilePart part, CancellationTokenSource failure)
    {
        try
        {
            await FetchAsync(part, failure.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await failure.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FetchAsync(FilePart part, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!part.IsComplete)
        {
            long before = part.Next;
            try
            {
                await StreamAsync(part, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (IsInterruption(error, cancellationToken))
            {
                failures = part.Next > before && remote.HasRanges ? 1 : failures + 1;
                if (failures >= options.Attempts)
                {
                    throw new ModelDownloadException(
                        source.Url.AbsoluteUri,
                        $"the connection broke {failures} times at byte {part.Next}{(remote.Size is long size ? $" of {size}" : "")} ({error.Message}). Try again; what has arrived is kept.",
                        innerException: error);
                }

                await Task.Delay(options.RetryDelay * Math.Pow(2, failures - 1), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task StreamAsync(FilePart part, CancellationToken cancellationToken)
    {
        if (!remote.HasRanges)
        {
            Interlocked.Add(ref _received, part.Start - part.Next);
            part.Next = part.Start;
        }

        using HttpResponseMessage response = await server.ReadAsync(source, remote, part.Next, remote.HasRanges ? part.End : null, cancellationToken).ConfigureAwait(false);
        using var stall = new StallGuard(options, cancellationToken);
        using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (!part.IsComplete)
            {
                stall.Arm();
                int count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, (part.End ?? long.MaxValue) - part.Next)), stall.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                await WriteAsync(part, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                report(Interlocked.Add(ref _received, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (part.End is long end && part.Next < end)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the answer ended before its end");
        }
    }

    /// <summary>A disk that fails is no interruption of the network, which has the same type of error.</summary>
    private async ValueTask WriteAsync(FilePart part, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(part, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new ModelDownloadException(
                source.Url.AbsoluteUri, $"the file cannot be written ({error.Message}). Make room, or set another {nameof(ModelDownloadOptions.CacheFolder)}.", innerException: error);
        }
    }

    private static bool IsInterruption(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or IOException or ServerUnreachableException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Cancels what has brought nothing for too long.</summary>
    private sealed class StallGuard : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _linked;
        private readonly TimeSpan _timeout;

        public StallGuard(ModelDownloadOptions options, CancellationToken cancellationToken)
        {
            _timeout = options.StallTimeout;
            _timer = new CancellationTokenSource(_timeout, options.TimeProvider);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        }

        public CancellationToken Token => _linked.Token;

        public void Arm() => _timer.CancelAfter(_timeout);

        public void Dispose()
        {
            _linked.Dispose();
            _timer.Dispose();
        }
    }
}
