using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using HostedService.Wire;

namespace HostedService.Load;

/// <summary>A caller: in turn it reads an answer as a stream, leaves in the middle of one, and reads one as a whole.</summary>
internal sealed class LoadClient(HttpClient http, LoadOptions options, int number)
{
    private static readonly string[] Prompts =
        ["Tell me a story.", "What is the capital of France?", "What is 12 + 30?", "What is the opposite of hot?", "Describe a city as JSON.", "What is the capital of Japan?"];

    /// <summary>Sends requests one after the other until the time is up.</summary>
    public async Task<List<LoadResult>> RunAsync(CancellationToken timeIsUp)
    {
        List<LoadResult> results = [];
        for (int turn = number; !timeIsUp.IsCancellationRequested; turn++)
        {
            LoadResult result = await AskAsync(turn);
            results.Add(result);
            if (result.Outcome == LoadOutcome.Refused)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), timeIsUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return results;
    }

    private async Task<LoadResult> AskAsync(int turn)
    {
        long started = Stopwatch.GetTimestamp();
        (bool leaves, bool streams) = (turn % 3 == 1, turn % 3 != 2);
        try
        {
            using HttpRequestMessage request = CreateRequest(Prompts[turn % Prompts.Length], streams, seed: turn);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
            {
                return new LoadResult(LoadOutcome.Refused, Stopwatch.GetElapsedTime(started));
            }

            return response.StatusCode != HttpStatusCode.OK ? Broken(started, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}")
                : streams ? await ReadStreamAsync(response, leaves ? 1 + (turn % 5) : int.MaxValue, started)
                : await ReadWholeAsync(response, started);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            return Broken(started, error.Message);
        }
    }

    private HttpRequestMessage CreateRequest(string prompt, bool streams, int seed)
    {
        var body = new ChatCompletionRequest
        {
            Model = options.Model,
            Messages = [new ChatRequestMessage { Role = "user", Content = JsonSerializer.SerializeToElement(prompt, WireJson.Types.String) }],
            Stream = streams,
            MaxCompletionTokens = 200,
            Seed = seed,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Address, "/v1/chat/completions"))
        {
            Content = new StringContent(JsonSerializer.Serialize(body, WireJson.Types.ChatCompletionRequest), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = options.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        return request;
    }

    private static async Task<LoadResult> ReadStreamAsync(HttpResponseMessage response, int leavesAfter, long started)
    {
        TimeSpan? first = null;
        bool hasText = false;
        string? reason = null;
        int events = 0;
        await foreach (SseItem<string> item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data == "[DONE]")
            {
                return hasText && reason is not null
                    ? new LoadResult(LoadOutcome.Whole, Stopwatch.GetElapsedTime(started), first)
                    : Broken(started, $"The stream ended with {(hasText ? "text" : "no text")} and {(reason is null ? "no" : "a")} finish reason.");
            }

            ChatCompletionChunk chunk = JsonSerializer.Deserialize(item.Data, WireJson.Types.ChatCompletionChunk)!;
            foreach (ChunkChoice choice in chunk.Choices)
            {
                hasText |= choice.Delta.Content is { Length: > 0 };
                reason ??= choice.FinishReason;
            }

            first ??= hasText ? Stopwatch.GetElapsedTime(started) : null;
            if (++events == leavesAfter)
            {
                return new LoadResult(LoadOutcome.Left, Stopwatch.GetElapsedTime(started), first);
            }
        }

        return Broken(started, "The stream ended without [DONE].");
    }

    private static async Task<LoadResult> ReadWholeAsync(HttpResponseMessage response, long started)
    {
        ChatCompletion answer = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), WireJson.Types.ChatCompletion)!;
        return answer is { Choices: [{ FinishReason.Length: > 0, Message.Content.Length: > 0 }] }
            ? new LoadResult(LoadOutcome.Whole, Stopwatch.GetElapsedTime(started))
            : Broken(started, "The answer has no text or no finish reason.");
    }

    private static LoadResult Broken(long started, string note) => new(LoadOutcome.Broken, Stopwatch.GetElapsedTime(started), Note: note);
}
