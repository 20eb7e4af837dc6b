using System.Runtime.InteropServices;
using LlamaProvider.Devices;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>ggml's devices. Used once llama.cpp is loaded.</summary>
internal static unsafe class NativeDevices
{
    public static List<(nint Handle, LlamaDevice Device)> List()
    {
        var devices = new List<(nint, LlamaDevice)>();
        for (nuint i = 0; i < LibGgml.DeviceCount(); i++)
        {
            nint handle = LibGgml.DeviceGet(i);
            LibGgml.DeviceMemory(handle, out nuint free, out nuint total);
            int kind = LibGgml.DeviceType(handle);
            nint registry = LibGgml.DeviceRegistry(handle);
            devices.Add((handle, new LlamaDevice(
                Text(LibGgml.DeviceName(handle)),
                Text(LibGgml.DeviceDescription(handle)),
                Text(LibGgml.RegistryName(registry)),
                kind is >= DeviceType.Cpu and <= DeviceType.Accelerator ? (LlamaDeviceKind)kind : LlamaDeviceKind.Other,
                (long)free,
                (long)total,
                LibGgml.GetProcedure(registry, "ggml_backend_split_buffer_type") != 0)));
        }

        return devices;
    }

    /// <summary>The back ends whose libraries were loaded, with or without devices.</summary>
    public static IReadOnlyList<string> LoadedBackEnds()
    {
        var names = new List<string>();
        for (nuint i = 0; i < LibGgml.RegistryCount(); i++)
        {
            names.Add(Text(LibGgml.RegistryName(LibGgml.RegistryGet(i))));
        }

        return names;
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)?.Trim() ?? "";
}
