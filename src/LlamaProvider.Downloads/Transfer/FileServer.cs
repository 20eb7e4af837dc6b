using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LlamaProvider.Downloads.Sources;
using Polly.Timeout;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>Asks for a file and parts of it.</summary>
internal sealed class FileServer(ModelDownloadOptions options) : IDisposable
{
    private const int MostRedirects = 10;
    private readonly HttpClient _client = RequestPipeline.CreateClient(options);

    /// <summary>What a server says of a file. One byte is asked for, since servers behind redirects often refuse HEAD.</summary>
    /// <exception cref="ModelDownloadException">It has no such file, or refuses it.</exception>
    /// <exception cref="ServerUnreachableException">It does not answer.</exception>
    public async Task<RemoteFile> DescribeAsync(ModelSource source, CancellationToken cancellationToken)
    {
        var hub = new HubHeaders();
        using HttpResponseMessage response = await SendAsync(source.Url, source.Url, source.Token, new RangeHeaderValue(0, 0), null, hub, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable))
        {
            throw Refusals.ToError(source.Url, source.Token, response, options.TimeProvider);
        }

        bool hasRanges = response.StatusCode == HttpStatusCode.PartialContent;
        long? size = response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : response.Content.Headers.ContentRange?.Length;
        string? tag = hub.Tag ?? response.Headers.ETag?.Tag.Trim('"');
        return new RemoteFile(response.RequestMessage!.RequestUri!, hub.Size ?? size, ValidatorOf(response), hasRanges && size is not null)
        {
            Tag = tag,
            Sha256 = tag is { Length: 64 } && tag.All(char.IsAsciiHexDigit) && hub.Tag is not null ? tag.ToLowerInvariant() : null,
            Commit = hub.Commit,
        };
    }

    /// <summary>Begins to read bytes of a file; the caller disposes the response.</summary>
    /// <param name="source">The file.</param>
    /// <param name="remote">What the server has said of it.</param>
    /// <param name="start">The first byte; 0 without an <paramref name="end"/> for the whole file.</param>
    /// <param name="end">The byte after the last one.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="FileChangedException">The server has another file by now.</exception>
    /// <exception cref="ModelDownloadException">It refuses.</exception>
    /// <exception cref="ServerUnreachableException">It does not answer.</exception>
    public async Task<HttpResponseMessage> ReadAsync(ModelSource source, RemoteFile remote, long start, long? end, CancellationToken cancellationToken)
    {
        RangeHeaderValue? range = end is long behind ? new RangeHeaderValue(start, behind - 1) : null;

        // Addresses that a hub redirects to expire, so the way is taken anew each time.
        HttpResponseMessage response = await SendAsync(source.Url, source.Url, source.Token, range, remote.Validator, new HubHeaders(), cancellationToken).ConfigureAwait(false);
        bool isExpected = range is null
            ? response.StatusCode == HttpStatusCode.OK
            : response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } content && content.From == start && content.Length == remote.Size;
        if (isExpected && (remote.Validator is null || ValidatorOf(response) == remote.Validator))
        {
            return response;
        }

        using (response)
        {
            // The whole file instead of a part is the answer of a server whose file is another one; a range beyond the end, of one whose file is shorter.
            throw response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PreconditionFailed
                ? new FileChangedException()
                : Refusals.ToError(source.Url, source.Token, response, options.TimeProvider);
        }
    }

    /// <summary>Asks for something that is no file of a model; the caller disposes the response, whatever its status.</summary>
    /// <param name="origin">The address that the user's words led to; the key goes to its host alone.</param>
    /// <param name="address">What is asked for: <paramref name="origin"/>, or what its answers lead to.</param>
    /// <param name="token">The key.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServerUnreachableException">The server does not answer.</exception>
    public Task<HttpResponseMessage> GetAsync(Uri origin, Uri address, string? token, CancellationToken cancellationToken) =>
        SendAsync(origin, address, token, range: null, validator: null, new HubHeaders(), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        Uri origin, Uri url, string? token, RangeHeaderValue? range, string? validator, HubHeaders hub, CancellationToken cancellationToken)
    {
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            HttpResponseMessage response = await SendOnceAsync(origin, url, token, range, validator, cancellationToken).ConfigureAwait(false);
            hub.Read(response);
            if (response.StatusCode is not (>= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            url = new Uri(url, location);
        }

        throw new ModelDownloadException(origin.AbsoluteUri, $"the server redirects more than {MostRedirects} times. Check the address.");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Uri origin, Uri url, string? token, RangeHeaderValue? range, string? validator, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("LlamaProvider", typeof(FileServer).Assembly.GetName().Version!.ToString(2)));

        // Compressed bytes would have other places and another hash.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (range is not null)
        {
            request.Headers.Range = range;
            if (validator is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Range", validator);
            }
        }

        if (token is not null && url.Scheme == origin.Scheme && url.Authority == origin.Authority)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutRejectedException)
        {
            throw new ServerUnreachableException(url.Host, error);
        }
    }

    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);
}
