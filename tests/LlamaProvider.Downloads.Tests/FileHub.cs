using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Downloads.Tests;

/// <summary>A request that a server has seen.</summary>
internal sealed record SeenRequest(string Host, string Path, string? Range, string? IfRange, string? Authorization)
{
    /// <summary>Where its range begins.</summary>
    public long Start => Range is null ? 0 : long.Parse(Range["bytes=".Length..Range.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    public bool IsProbe => Range == "bytes=0-0";
}

/// <summary>A server of files on this machine that can be told to fail: plain files at <c>/files</c>, and a hub whose files lie behind a redirect.</summary>
internal sealed class FileHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();

    private FileHub(WebApplication app) => _app = app;

    public byte[] Content { get; set; } = Bytes(1);

    public string? Tag { get; set; } = "\"first\"";

    public bool HasRanges { get; set; } = true;

    /// <summary>What the hub says of the content's hash; the true one if null.</summary>
    public string? LinkedTag { get; set; }

    /// <summary>What the hub lists of every repository, a page an entry.</summary>
    public string[][] Tree { get; set; } = [["model-Q4_K_M.gguf", "README.md"]];

    /// <summary>What the hub answers instead of a page, from its number.</summary>
    public Func<HttpContext, int, Task<bool>> InterceptTree { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>Looks at each request that reads bytes; one that it answers itself gives true.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = static _ => Task.FromResult(false);

    /// <summary>What downloads of one part tell to have received.</summary>
    public Arrivals Arrivals { get; } = new();

    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public Uri Address => new(_app.Urls.First());

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>Bytes of a file of some parts, which begin as a model's do.</summary>
    public static byte[] Bytes(int seed, int length = 5_000_000)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        "GGUF"u8.CopyTo(bytes);
        return bytes;
    }

    public static async Task<FileHub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var hub = new FileHub(app);
        app.MapGet("/files/{**name}", hub.ServeAsync);
        app.MapGet("/api/models/{owner}/{repository}/tree/{revision}", hub.ListAsync);
        app.MapGet("/{owner}/{repository}/resolve/{revision}/{**path}", hub.RedirectAsync);
        await app.StartAsync();
        return hub;
    }

    /// <summary>Sends a part of an answer that was announced as a whole, and breaks the connection.</summary>
    public async Task<bool> DropAsync(HttpContext context, int after)
    {
        (long start, long end) = ReadRange(context);
        Announce(context, start, end, Content.Length);
        await context.Response.Body.WriteAsync(Content.AsMemory((int)start, (int)Math.Min(after, end - start)));
        await context.Response.Body.FlushAsync();

        // Bytes that the other side has not read yet would be lost with the connection.
        await Arrivals.WaitAsync(start + after);
        context.Abort();
        return true;
    }

    /// <summary>Sends a part of an answer, and then nothing until the caller leaves.</summary>
    public async Task<bool> StallAsync(HttpContext context, int after)
    {
        (long start, long end) = ReadRange(context);
        Announce(context, start, end, Content.Length);
        await context.Response.Body.WriteAsync(Content.AsMemory((int)start, after));
        await context.Response.Body.FlushAsync();
        var left = new TaskCompletionSource();
        using CancellationTokenRegistration registration = context.RequestAborted.Register(left.SetResult);
        await left.Task;
        return true;
    }

    public static Task<bool> AnswerAsync(HttpContext context, int status, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return Task.FromResult(true);
    }

    public void Announce(HttpContext context, long start, long end, long size)
    {
        context.Response.Headers.ETag = Tag;
        context.Response.ContentLength = end - start;
        if (HasRanges && context.Request.Headers.Range.Count > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{end - 1}/{size}";
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        See(context);
        if (await Intercept(context))
        {
            return;
        }

        (byte[] content, string? ifRange) = (Content, context.Request.Headers.IfRange);
        if (ifRange is not null && ifRange != Tag)
        {
            context.Request.Headers.Remove("Range");
        }

        (long start, long end) = ReadRange(context);
        if (start >= content.Length)
        {
            context.Response.StatusCode = 416;
            return;
        }

        Announce(context, start, end, content.Length);
        await context.Response.Body.WriteAsync(content.AsMemory((int)start, (int)(end - start)));
    }

    private Task RedirectAsync(HttpContext context)
    {
        See(context);
        context.Response.Headers["X-Repo-Commit"] = Commit;
        context.Response.Headers["X-Linked-Etag"] = $"\"{LinkedTag ?? Sha256}\"";
        context.Response.Headers["X-Linked-Size"] = Content.Length.ToString(CultureInfo.InvariantCulture);

        // Another name of this machine, so another host to those who ask.
        context.Response.Redirect($"http://localhost:{Address.Port}/files/blob");
        return Task.CompletedTask;
    }

    private async Task ListAsync(HttpContext context)
    {
        See(context);
        int page = int.Parse((string?)context.Request.Query["cursor"] ?? "0", CultureInfo.InvariantCulture);
        if (await InterceptTree(context, page))
        {
            return;
        }

        if (page + 1 < Tree.Length)
        {
            context.Response.Headers.Link = $"<{Address}api/models/owner/repo/tree/main?recursive=true&cursor={page + 1}>; rel=\"next\"";
        }

        await context.Response.WriteAsJsonAsync(Tree[page].Select(static path => new { type = path.EndsWith('/') ? "directory" : "file", path = path.TrimEnd('/'), size = 1, oid = new string('a', 40) }));
    }

    private void See(HttpContext context) => _requests.Enqueue(new SeenRequest(
        context.Request.Host.Host, context.Request.Path, context.Request.Headers.Range, context.Request.Headers.IfRange, context.Request.Headers.Authorization));

    private (long Start, long End) ReadRange(HttpContext context)
    {
        string? range = context.Request.Headers.Range;
        if (!HasRanges || range is null)
        {
            return (0, Content.Length);
        }

        string[] borders = range["bytes=".Length..].Split('-');
        return (long.Parse(borders[0], CultureInfo.InvariantCulture), Math.Min(long.Parse(borders[1], CultureInfo.InvariantCulture) + 1, Content.Length));
    }
}
