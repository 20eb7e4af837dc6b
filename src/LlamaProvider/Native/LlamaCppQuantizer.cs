using System.Globalization;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's conversion of model files. What it says besides success and failure it says in its log, on the calling thread.</summary>
internal static unsafe class LlamaCppQuantizer
{
    /// <summary>What to convert, and how; values that llama.cpp asserts have been checked. Types of single tensors are llama.cpp's choice where <see langword="null"/>.</summary>
    public readonly record struct Conversion(
        string Input, string Output, int FileType, int? OutputTensorType, int? TokenEmbeddingType, bool AllowRequantize, bool KeepOutputTensor, bool Pure, int Threads);

    /// <summary>How a conversion ended.</summary>
    /// <param name="Error">What llama.cpp logged when it failed; <see langword="null"/> when it did not.</param>
    /// <param name="TensorBytes">Bytes of the tensors that were, or would be, written; <see langword="null"/> when the log does not say.</param>
    /// <param name="Fallbacks">Tensors that got another type since their rows are no multiple of the type's block.</param>
    public readonly record struct Outcome(string? Error, long? TensorBytes, int Fallbacks);

    /// <summary>Finds out what a conversion would write. Neither reads the weights nor writes anything.</summary>
    public static Outcome Measure(Conversion conversion) => Run(conversion, dryRun: true, onTensor: null);

    /// <summary>Converts; blocks until it is done.</summary>
    /// <param name="conversion">What and how.</param>
    /// <param name="onTensor">Told of each tensor when its turn comes: its place from 1, and its name.</param>
    public static Outcome Convert(Conversion conversion, Action<int, string> onTensor) => Run(conversion, dryRun: false, onTensor);

    private static Outcome Run(Conversion conversion, bool dryRun, Action<int, string>? onTensor)
    {
        var observer = new LogObserver(onTensor);
        using NativeLog.Capture log = NativeLog.CaptureErrors(observer.Observe);
        LlamaModelQuantizeParams parameters = LibLlama.QuantizeDefaultParams();
        parameters.Threads = conversion.Threads;
        parameters.FileType = conversion.FileType;
        parameters.OutputTensorType = conversion.OutputTensorType ?? parameters.OutputTensorType;
        parameters.TokenEmbeddingType = conversion.TokenEmbeddingType ?? parameters.TokenEmbeddingType;
        parameters.AllowRequantize = ToByte(conversion.AllowRequantize);
        parameters.QuantizeOutputTensor = ToByte(!conversion.KeepOutputTensor);
        parameters.Pure = ToByte(conversion.Pure);
        parameters.DryRun = ToByte(dryRun);
        uint result = LibLlama.ModelQuantize(conversion.Input, conversion.Output, &parameters);
        return new Outcome(result == 0 ? null : log.Summary, observer.TensorBytes, observer.Fallbacks);
    }

    private static byte ToByte(bool value) => value ? (byte)1 : (byte)0;

    /// <summary>Reads the log of one conversion.</summary>
    internal sealed class LogObserver(Action<int, string>? onTensor)
    {
        public long? TensorBytes { get; private set; }

        public int Fallbacks { get; private set; }

        public void Observe(string line)
        {
            if (TryReadTensor(line, out int place, out string name))
            {
                onTensor?.Invoke(place, name);
            }
            else if (TryReadSize(line, out double mebibytes))
            {
                TensorBytes = (long)(mebibytes * (1 << 20));
            }
            else if (line.StartsWith("-> falling back to", StringComparison.Ordinal))
            {
                Fallbacks++;
            }
        }

        /// <summary>Reads <c>[   1/  62] output.weight - [ 256, 4096, 1, 1], type = f32,</c>.</summary>
        private static bool TryReadTensor(string line, out int place, out string name)
        {
            int slash = line.IndexOf('/');
            int close = line.IndexOf(']');
            int end = line.LastIndexOf(" - [", StringComparison.Ordinal);
            bool isTensor = line.StartsWith('[') && slash > 0 && close > slash && end > close;
            name = isTensor ? line[(close + 1)..end].Trim() : "";
            place = 0;
            return isTensor && int.TryParse(line.AsSpan(1, slash - 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out place);
        }

        /// <summary>Reads <c>llama_model_quantize_impl: quant size  =     5.25 MiB (8.50 BPW)</c>.</summary>
        private static bool TryReadSize(string line, out double mebibytes)
        {
            const string Label = ": quant size";
            mebibytes = 0;
            int label = line.IndexOf(Label, StringComparison.Ordinal);
            int end = line.IndexOf("MiB", StringComparison.Ordinal);
            return label >= 0 && end > label
                && double.TryParse(line[(label + Label.Length)..end].Trim(' ', '='), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out mebibytes);
        }
    }
}
