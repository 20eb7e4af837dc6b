using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace LlamaProvider.Downloads.Tests;

/// <summary>Whatever the server does, the file is whole or absent.</summary>
public sealed class FailingServerTests : DownloadTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_ConnectionDropsNowAndThen_GoesOn(bool ranges)
    {
        Hub.HasRanges = ranges;
        int drops = 0;
        Hub.Intercept = async context => !IsProbe(context) && Interlocked.Increment(ref drops) <= 3 && await Hub.DropAsync(context, after: 400_000);

        AssertWhole(await DownloadAsync(options => options.Parts = 1));

        SeenRequest[] reads = [.. Hub.Requests.Where(request => !request.IsProbe)];
        Assert.Equal(4, reads.Length);
        Assert.Equal(ranges, reads.Skip(1).Any(request => request.Start > 0));
    }

    [Fact]
    public async Task Download_ServerStalls_GoesOn()
    {
        int stalls = 0;
        Hub.Intercept = async context => !IsProbe(context) && Interlocked.Increment(ref stalls) <= 4 && await Hub.StallAsync(context, after: 100_000);

        AssertWhole(await DownloadAsync(options => options.StallTimeout = TimeSpan.FromMilliseconds(300)));

        Assert.True(stalls >= 8);
    }

    [Fact]
    public async Task Download_ConnectionAlwaysDrops_FailsAndTheNextCallGoesOn()
    {
        int first = 0;
        Hub.Intercept = async context => !IsProbe(context) && await Hub.DropAsync(context, after: Interlocked.Increment(ref first) == 1 ? 2_000_000 : 0);

        ModelDownloadException error = await FailAsync(options => (options.Parts, options.Attempts) = (1, 2));

        Assert.StartsWith($"Cannot download '{Url}': the connection broke 2 times at byte ", error.Message, StringComparison.Ordinal);
        AssertAbsent();
        Hub.Intercept = static _ => Task.FromResult(false);
        int before = Hub.Requests.Count;
        AssertWhole(await DownloadAsync(options => options.Parts = 1));
        Assert.True(Assert.Single(Hub.Requests.Skip(before), request => !request.IsProbe).Start > 0);
    }

    [Fact]
    public async Task Download_Cancelled_KeepsWhatHasArrivedAndLeavesNoModel()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Stopper(cancellation, atBytes: 1_000_000);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LlamaModels.DownloadAsync(Url, Options(options => options.Parts = 1), progress, cancellation.Token));

        AssertAbsent();
        int before = Hub.Requests.Count;
        AssertWhole(await DownloadAsync());
        Assert.True(Assert.Single(Hub.Requests.Skip(before), request => !request.IsProbe).Start >= 1_000_000);
    }

    [Fact]
    public async Task Download_FewerBytesThanAnnounced_IsAbsent()
    {
        Hub.HasRanges = false;
        Hub.Intercept = async context =>
        {
            context.Response.ContentLength = Hub.Content.Length + 100;
            await context.Response.Body.WriteAsync(Hub.Content);
            context.Abort();
            return true;
        };

        ModelDownloadException error = await FailAsync(options => options.Attempts = 2);

        Assert.Contains("the connection broke 2 times at byte ", error.Message, StringComparison.Ordinal);
        AssertAbsent();
    }

    [Fact]
    public async Task Download_SizeLargerThanTheFile_IsAbsent()
    {
        Hub.Intercept = async context =>
        {
            string[] borders = context.Request.Headers.Range.ToString()["bytes=".Length..].Split('-');
            (long start, long end) = (long.Parse(borders[0], CultureInfo.InvariantCulture), Math.Min(long.Parse(borders[1], CultureInfo.InvariantCulture) + 1, Hub.Content.Length));
            if (start >= end)
            {
                context.Response.StatusCode = 416;
                return true;
            }

            Hub.Announce(context, start, end, Hub.Content.Length + 1000);
            await context.Response.Body.WriteAsync(Hub.Content.AsMemory((int)start, (int)(end - start)));
            return true;
        };

        ModelDownloadException error = await FailAsync();

        Assert.Equal(
            $"Cannot download '{Url}': the server's file changed 3 times during the download, or it says other things of it than it sends. Try again later.", error.Message);
        AssertAbsent();
    }

    [Theory]
    [InlineData("\"second\"")]
    [InlineData("\"first\"")]
    public async Task Download_FileChangesMidway_IsTheNewOneAsAWhole(string tag)
    {
        // With the old tag only the size gives the change away.
        int reads = 0;
        Hub.Intercept = context =>
        {
            if (!IsProbe(context) && Interlocked.Increment(ref reads) == 2)
            {
                (Hub.Content, Hub.Tag) = (FileHub.Bytes(2, 4_000_000), tag);
            }

            return Task.FromResult(false);
        };

        AssertWhole(await DownloadAsync(options => options.Parts = 2));
        Assert.Equal(4_000_000, new FileInfo(UrlFile).Length);
    }

    [Fact]
    public async Task Download_FileChangesBetweenAttempts_NothingOldIsKept()
    {
        Hub.Intercept = async context => !IsProbe(context) && await Hub.DropAsync(context, after: 900_000);
        await FailAsync(options => (options.Attempts, options.Parts) = (1, 1));
        (Hub.Content, Hub.Tag, Hub.Intercept) = (FileHub.Bytes(3), "\"third\"", static _ => Task.FromResult(false));

        AssertWhole(await DownloadAsync());
    }

    [Fact]
    public async Task Download_WrongHash_IsDeleted()
    {
        string wrong = new('0', 64);

        ModelDownloadException error = await FailAsync(options => options.Sha256 = wrong);

        Assert.Equal($"Cannot download '{Url}': its SHA-256 is {Hub.Sha256}, but must be {wrong}. It was deleted; try again, and check the hash if it was given by you.", error.Message);
        AssertAbsent();
        Assert.Equal(["model.gguf.lock"], Directory.GetFiles(Cache).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Download_HubsHashIsOfOtherBytes_IsDeleted()
    {
        Hub.LinkedTag = new string('a', 64);

        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options()));
        var given = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options(options => options.Sha256 = new string('b', 64))));

        Assert.Contains($"its SHA-256 is {Hub.Sha256}, but must be {Hub.LinkedTag}.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"its SHA-256 is {Hub.LinkedTag}, but must be {new string('b', 64)}. Nothing was downloaded; check the hash and the revision.", given.Message, StringComparison.Ordinal);
        AssertAbsent();
    }

    [Fact]
    public async Task Download_Page_IsNoModel()
    {
        Hub.Content = "<html>Please log in.</html>"u8.ToArray();

        Assert.Equal(
            $"Cannot download '{Url}': what arrived is no GGUF file: it does not begin with 'GGUF'. It was deleted; check the address, which may be that of a page.", (await FailAsync()).Message);
        AssertAbsent();
    }

    [Theory]
    [InlineData(401, null, "the server answers 401: it wants a key. Set HF_TOKEN, or the option Token, and accept the model's terms on its page if it has some.")]
    [InlineData(403, "key", "the server answers 403: the key that was sent does not open this file. Check it, and accept the model's terms on its page if it has some.")]
    [InlineData(404, null, "the server answers 404: it has no such file. Check owner, repository, file name and revision; a repository that needs a key looks the same without one.")]
    [InlineData(410, null, "the server answers 410 (Gone). Check the address.")]
    public async Task Download_Refused_SaysWhatToDoAndAsksOnce(int status, string? token, string problem)
    {
        Hub.Intercept = context => FileHub.AnswerAsync(context, status);

        ModelDownloadException error = await FailAsync(options => options.Token = token);

        Assert.Equal(($"Cannot download '{Url}': {problem}", (HttpStatusCode)status), (error.Message, error.StatusCode));
        Assert.Single(Hub.Requests);
        AssertAbsent();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Download_ServerBusyForAWhile_IsAskedAgain(int status)
    {
        int refusals = 0;
        Hub.Intercept = async context => Interlocked.Increment(ref refusals) % 2 == 1 && refusals < 8 && await FileHub.AnswerAsync(context, status, retryAfter: "0");

        AssertWhole(await DownloadAsync());
        Assert.True(Hub.Requests.Count > 5);
    }

    [Fact]
    public async Task Download_ServerWantsALongWait_SaysHowLong()
    {
        Hub.Intercept = context => FileHub.AnswerAsync(context, 429, retryAfter: "3600");

        ModelDownloadException error = await FailAsync();

        Assert.Equal($"Cannot download '{Url}': the server answers 429: too many requests; it asks to wait 3600 s. Try again later, or with a key (HF_TOKEN).", error.Message);
        Assert.Single(Hub.Requests);
    }

    [Fact]
    public async Task Download_ServerBroken_EndsAfterAllAttempts()
    {
        Hub.Intercept = context => FileHub.AnswerAsync(context, 500);

        Assert.Equal($"Cannot download '{Url}': the server answers 500 after all attempts. Try again later.", (await FailAsync(options => options.Attempts = 3)).Message);
        Assert.Equal(3, Hub.Requests.Count);
    }

    [Fact]
    public async Task Download_RedirectsForever_Ends()
    {
        Hub.Intercept = context =>
        {
            context.Response.Redirect("/files/model.gguf");
            return Task.FromResult(true);
        };

        Assert.Equal($"Cannot download '{Url}': the server redirects more than 10 times. Check the address.", (await FailAsync()).Message);
    }

    private static bool IsProbe(HttpContext context) => context.Request.Headers.Range == "bytes=0-0";

    private sealed class Stopper(CancellationTokenSource cancellation, long atBytes) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value)
        {
            if (value.ReceivedBytes >= atBytes)
            {
                cancellation.Cancel();
            }
        }
    }
}
