using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Tool.Diagnosis;

/// <summary>The devices that ggml's back ends have registered.</summary>
internal sealed unsafe class GgmlDevices : IDeviceSource
{
    public IReadOnlyList<DeviceReport> List()
    {
        List<DeviceReport> devices = [];
        for (nuint index = 0; index < LibGgml.DeviceCount(); index++)
        {
            nint device = LibGgml.DeviceGet(index);
            LibGgml.DeviceMemory(device, out nuint free, out nuint total);
            devices.Add(new DeviceReport(Text(LibGgml.DeviceName(device)), Text(LibGgml.DeviceDescription(device)), KindOf(LibGgml.DeviceType(device)), (long)free, (long)total));
        }

        return devices;
    }

    private static string KindOf(int type) => type switch
    {
        0 => "cpu",
        1 => "gpu",
        2 => "integrated gpu",
        _ => "accelerator",
    };

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
