using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Downloads.Transfer;

namespace LlamaProvider.Downloads.Hub;

/// <summary>The hub's list of a repository's files: <c>GET /api/models/OWNER/REPO/tree/REVISION?recursive=true</c>, whose pages follow each other by their <c>Link</c> header.</summary>
internal sealed class RepositoryFiles(FileServer server, ModelDownloadOptions options)
{
    /// <summary>A page has a thousand files, so this is more than any repository of models has.</summary>
    private const int MostPages = 100;

    /// <exception cref="ModelDownloadException">The hub has no such repository, refuses it, or answers something else.</exception>
    /// <exception cref="ServerUnreachableException">The hub does not answer.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string source, HubReference reference, CancellationToken cancellationToken)
    {
        string? token = options.Token ?? options.Variable("HF_TOKEN");
        var first = new Uri($"{options.Hub.AbsoluteUri.TrimEnd('/')}/api/models/{reference.Repository}/tree/{Uri.EscapeDataString(options.Revision)}?recursive=true");
        List<string> paths = [];
        Uri? page = first;
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MostPages)
            {
                throw new ModelDownloadException(source, $"the hub's list of the repository's files has more than {MostPages} pages. Name the file: {reference.ToSource("file.gguf")}.");
            }

            using HttpResponseMessage response = await server.GetAsync(first, page, token, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusals.ToError(first, token, response, options.TimeProvider);
            }

            paths.AddRange(await ReadAsync(source, response, cancellationToken).ConfigureAwait(false));
            page = NextPage(page, response);
        }

        return paths;
    }

    private async Task<IEnumerable<string>> ReadAsync(string source, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            TreeEntry[]? entries = await JsonSerializer.DeserializeAsync(body, TreeJson.Default.TreeEntryArray, either.Token).ConfigureAwait(false);
            return (entries ?? []).Where(static entry => entry is { Type: "file", Path: not null }).Select(static entry => entry.Path!);
        }
        catch (JsonException error)
        {
            throw new ModelDownloadException(source, "what the hub answers is no list of files. Check the hub's address (MODEL_ENDPOINT, HF_ENDPOINT), or name the file.", innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServerUnreachableException(response.RequestMessage!.RequestUri!.Host, error);
        }
    }

    private static Uri? NextPage(Uri page, HttpResponseMessage response)
    {
        string? link = response.Headers.TryGetValues("Link", out IEnumerable<string>? values)
            ? values.SelectMany(static value => value.Split(',')).FirstOrDefault(static value => value.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase))
            : null;
        int start = link?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        int end = link?.IndexOf('>', StringComparison.Ordinal) ?? -1;
        return start >= 0 && end > start ? new Uri(page, link![(start + 1)..end]) : null;
    }
}

/// <summary>A file or folder of a repository, of what the hub says of it.</summary>
internal sealed record TreeEntry([property: JsonPropertyName("type")] string? Type, [property: JsonPropertyName("path")] string? Path);

[JsonSerializable(typeof(TreeEntry[]))]
internal sealed partial class TreeJson : JsonSerializerContext;
