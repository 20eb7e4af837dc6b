using System.Security.Cryptography;
using LlamaProvider.Downloads.Sources;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>Whether what has arrived is what was to be downloaded.</summary>
internal static class ContentCheck
{
    /// <param name="source">The file's place.</param>
    /// <param name="remote">What the server has said of it.</param>
    /// <param name="path">What has arrived.</param>
    /// <param name="expected">The SHA-256 that it must have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ModelDownloadException">It is something else.</exception>
    public static async Task RequireAsync(ModelSource source, RemoteFile remote, string path, string? expected, CancellationToken cancellationToken)
    {
        using FileStream stream = new(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 17 });
        if (remote.Size is long size && stream.Length != size)
        {
            throw new ModelDownloadException(source.Url.AbsoluteUri, $"{stream.Length} bytes arrived, but the server has {size}. It was deleted; try again.");
        }

        byte[] magic = new byte[4];
        int count = await stream.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count < magic.Length || !magic.AsSpan().SequenceEqual("GGUF"u8))
        {
            throw new ModelDownloadException(source.Url.AbsoluteUri, "what arrived is no GGUF file: it does not begin with 'GGUF'. It was deleted; check the address, which may be that of a page.");
        }

        if (expected is not null)
        {
            stream.Position = 0;
            string actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
            if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
            {
                throw new ModelDownloadException(
                    source.Url.AbsoluteUri, $"its SHA-256 is {actual}, but must be {expected.ToLowerInvariant()}. It was deleted; try again, and check the hash if it was given by you.");
            }
        }
    }
}
