using System.Globalization;
using System.Net;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>What a server's refusal means to a user.</summary>
internal static class Refusals
{
    public static ModelDownloadException ToError(Uri url, string? token, HttpResponseMessage response, TimeProvider time)
    {
        int status = (int)response.StatusCode;
        string problem = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $"the server answers {status}: {(token is null ? "it wants a key. Set HF_TOKEN, or the option Token" : "the key that was sent does not open this file. Check it")}, and accept the model's terms on its page if it has some.",
            HttpStatusCode.NotFound => $"the server answers {status}: it has no such file. Check owner, repository, file name and revision; a repository that needs a key looks the same without one.",
            HttpStatusCode.TooManyRequests =>
                $"the server answers {status}: too many requests{Wait(response, time)}. Try again later, or with a key (HF_TOKEN).",
            >= HttpStatusCode.InternalServerError => $"the server answers {status} after all attempts{Wait(response, time)}. Try again later.",
            _ => $"the server answers {status} ({response.ReasonPhrase}). Check the address.",
        };
        return new ModelDownloadException(url.AbsoluteUri, problem, response.StatusCode);
    }

    private static string Wait(HttpResponseMessage response, TimeProvider time) =>
        RequestPipeline.WantedWait(response, time) is { } wait ? string.Create(CultureInfo.InvariantCulture, $"; it asks to wait {Math.Ceiling(wait.TotalSeconds)} s") : "";
}
