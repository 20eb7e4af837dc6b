using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaProvider.Devices;
using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native;

/// <summary>Loads a model file, with progress and cancellation, and says whether it is one that can be run.</summary>
internal static unsafe class LlamaCppModelLoader
{
    public static ModelHandle Load(string path, LlamaCppModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken, out ModelTraits traits)
    {
        cancellationToken.ThrowIfCancellationRequested();
        traits = GgufValidator.Validate(path);
        List<(nint Handle, LlamaDevice Device)> devices = NativeDevices.List();
        DevicePlacement placement = DevicePlacement.Of(options, [.. devices.Select(static native => native.Device)], () => LlamaDevices.ExplainMissingGpu(options.NativeDirectory)!);

        // llama.cpp reads the list up to the null at its end.
        nint[] chosen = [.. (placement.Devices ?? []).Select(index => devices[index].Handle), 0];
        var observer = new LoadObserver(progress, cancellationToken);
        GCHandle observerHandle = GCHandle.Alloc(observer);
        using NativeLog.Capture errors = NativeLog.CaptureErrors();
        try
        {
            LlamaModelParams parameters = LibLlama.ModelDefaultParams();
            parameters.GpuLayers = options.GpuLayers ?? -1;
            parameters.SplitMode = (int?)placement.SplitMode ?? parameters.SplitMode;
            parameters.MainGpu = 0;
            parameters.LoadMode = (options.MemoryMap, options.MemoryLock) switch
            {
                (true, true) => LoadMode.MmapMlock,
                (true, false) => LoadMode.Mmap,
                (false, true) => LoadMode.Mlock,
                (false, false) => LoadMode.None,
            };
            parameters.ProgressCallback = &OnProgress;
            parameters.ProgressCallbackData = (void*)GCHandle.ToIntPtr(observerHandle);
            fixed (nint* first = chosen)
            {
                parameters.Devices = placement.Devices is null ? 0 : (nint)first;
                nint model = LibLlama.ModelLoadFromFile(path, parameters);
                if (model != 0)
                {
                    return new ModelHandle(model);
                }
            }
        }
        finally
        {
            observerHandle.Free();
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new ModelLoadException(
            path, $"llama.cpp refuses it: {errors.Summary}. Check that its architecture is one that llama.cpp knows, and convert it anew.");
    }

    public static void CheckUsable(string path, ModelHandle model)
    {
        nint vocabulary = LibLlama.ModelGetVocabulary(model);
        if (LibLlama.VocabularyTypeOf(vocabulary) == VocabularyType.None || LibLlama.VocabularyCount(vocabulary) == 0)
        {
            throw new ModelLoadException(path, "it has no vocabulary, so no text can be read or written with it. Convert the model with its tokenizer.");
        }

        if (LibLlama.ModelHasEncoder(model) && LibLlama.ModelHasDecoder(model))
        {
            throw new ModelLoadException(path, "it is an encoder-decoder model, but only decoder models are supported. Choose a decoder-only model.");
        }

        if (LibLlama.ModelIsDiffusion(model))
        {
            throw new ModelLoadException(path, "it is a diffusion model, but only models that generate token by token are supported. Choose another model.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float progress, void* data)
    {
        try
        {
            var observer = (LoadObserver)GCHandle.FromIntPtr((nint)data).Target!;
            return observer.Report(progress) ? (byte)1 : (byte)0;
        }
        catch
        {
            // An exception of a progress consumer cannot cross native frames; loading goes on.
            return 1;
        }
    }

    private sealed class LoadObserver(IProgress<float>? progress, CancellationToken cancellationToken)
    {
        public bool Report(float value)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            progress?.Report(value);
            return true;
        }
    }
}
