using System.Globalization;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>What Hugging Face adds to its answers, redirects among them: of a large file the hash and size that it has in the repository.</summary>
internal sealed class HubHeaders
{
    public string? Commit { get; private set; }

    public string? Tag { get; private set; }

    public long? Size { get; private set; }

    /// <summary>The first answer that says something counts.</summary>
    public void Read(HttpResponseMessage response)
    {
        Commit ??= Find(response, "X-Repo-Commit");
        Tag ??= Find(response, "X-Linked-Etag")?.Trim('"');
        Size ??= long.TryParse(Find(response, "X-Linked-Size"), CultureInfo.InvariantCulture, out long size) ? size : null;
    }

    private static string? Find(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
