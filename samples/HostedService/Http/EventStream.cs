using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HostedService.Errors;
using HostedService.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace HostedService.Http;

/// <summary>Writes an answer as server-sent events, ended by <c>[DONE]</c>. One that fails on the way ends with an event that has the error object, and without <c>[DONE]</c>.</summary>
internal static partial class EventStream
{
    private static readonly byte[] Done = "[DONE]"u8.ToArray();

    public static async Task WriteAsync<T>(HttpContext context, IAsyncEnumerable<T> items, JsonTypeInfo<T> type)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SseFormatter.WriteAsync(
            ToEvents(context, items, type, context.RequestAborted), response.Body, static (item, writer) => writer.Write(item.Data), context.RequestAborted);
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> ToEvents<T>(
        HttpContext context, IAsyncEnumerable<T> items, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<T> source = items.GetAsyncEnumerator(cancellationToken);
        byte[]? next;
        do
        {
            bool failed = false;
            try
            {
                next = await source.MoveNextAsync() ? JsonSerializer.SerializeToUtf8Bytes(source.Current, type) : null;
            }
            catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
            {
                ApiError answer = ExceptionMapping.ToApiError(error);
                Failed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EventStream)), error, context.Request.Path, answer.Status);
                next = JsonSerializer.SerializeToUtf8Bytes(ErrorBody.Of(answer), WireJson.Types.ErrorBody);
                failed = true;
            }

            yield return new SseItem<byte[]>(next ?? Done);
            if (failed)
            {
                yield break;
            }
        }
        while (next is not null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} failed after its answer had begun, as {Status}")]
    private static partial void Failed(ILogger logger, Exception error, PathString path, int status);
}
