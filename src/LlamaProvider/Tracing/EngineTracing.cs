using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.Options;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Tracing;

/// <summary>What an engine's traces have in common: the model's identity, the texts of its tokens, and the sinks that requests may name.</summary>
internal sealed partial class EngineTracing
{
    private readonly Dictionary<string, ITraceSink> _sinks;
    private readonly Lazy<TraceModel> _model;
    private readonly Lazy<TokenTexts> _texts;
    private readonly ILogger _logger;

    public EngineTracing(ILanguageModel model, LlamaEngineOptions options, ILogger logger)
    {
        _sinks = new Dictionary<string, ITraceSink>(options.TraceSinks, StringComparer.Ordinal);
        string backend = DescribeBackend(model, options);
        _model = new Lazy<TraceModel>(() => new TraceModel { Name = model.Description.Name, Fingerprint = FingerprintOf(model), Backend = backend });
        _texts = new Lazy<TokenTexts>(() => new TokenTexts(model.Vocabulary));
        _logger = logger;
    }

    public TraceModel Model => _model.Value;

    /// <summary>Refuses a sink that is not registered.</summary>
    /// <exception cref="OptionNotSupportedException">It is not.</exception>
    public void Require(GenerationSettings settings)
    {
        if (settings.Trace is { Options.Sink: { } sink } trace && !_sinks.ContainsKey(sink))
        {
            throw new OptionNotSupportedException(
                trace.Option,
                $"{trace.Option} names the trace sink '{sink}', but this engine has {(_sinks.Count > 0 ? string.Join(", ", _sinks.Keys.Order(StringComparer.Ordinal)) : "none")}. " +
                $"Register it in {nameof(LlamaEngineOptions)}.{nameof(LlamaEngineOptions.TraceSinks)}, or use one of these.");
        }
    }

    /// <summary>Begins a trace.</summary>
    /// <param name="trace">What is traced.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="responseId">The response.</param>
    /// <param name="isStreamed">Whether the answer's updates carry their steps.</param>
    public AnswerTracer Begin(Requested<TraceOptions> trace, TraceRequest request, string responseId, bool isStreamed)
    {
        TraceOptions options = trace.Options;
        TraceDelivery? delivery = options.Sink is { } sink ? new TraceDelivery(_sinks[sink], responseId, error => LogSinkFailed(sink, error)) : null;
        var settings = new TraceSettings(options.Level, options.Top, options.MaxSteps);
        UnreadSteps? unread = isStreamed ? new UnreadSteps() : null;
        Action<TraceStep>? written = unread is null ? null : unread.Write;
        written += delivery is null ? null : delivery.Write;
        return new AnswerTracer(new TraceLog(settings, _texts.Value, written), Model, request, delivery, unread);
    }

    private static string DescribeBackend(ILanguageModel model, LlamaEngineOptions options)
    {
        if (model is not LlamaCppModel)
        {
            return model.GetType().Name;
        }

        string threads = options.Threads is int count ? FormattableString.Invariant($"{count}") : "default";
        string layers = options.GpuLayers is int placed ? FormattableString.Invariant($"{placed}") : "all";
        return $"llama.cpp {LibraryVersion()}, {threads} threads, {layers} GPU layers, keys {options.KeyType}, values {options.ValueType}, flash attention {options.FlashAttention}";
    }

    private static unsafe string LibraryVersion() => Marshal.PtrToStringUTF8((nint)LibLlama.Version()) ?? "";

    private static string FingerprintOf(ILanguageModel model)
    {
        if (model is LlamaCppModel file)
        {
            return Convert.ToHexStringLower(file.Fingerprint);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{model.Description.Architecture}\n{model.Description.Name}\n"));
        for (int token = 0; token < model.Vocabulary.Count; token++)
        {
            hash.AppendData(BitConverter.GetBytes(model.Vocabulary.GetBytes(token).Length));
            hash.AppendData(model.Vocabulary.GetBytes(token));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trace sink '{Sink}' failed and gets no more steps of this request.")]
    private partial void LogSinkFailed(string sink, Exception error);
}
