namespace LlamaProvider.Native;

/// <summary>
/// How many physical cores this process may use. Matrix multiplication gains nothing from a second hardware thread on the same core.
/// </summary>
internal static class PhysicalCores
{
    private const string Topology = "/sys/devices/system/cpu";

    public static int Count { get; } = Math.Clamp(Read() ?? Environment.ProcessorCount, 1, Environment.ProcessorCount);

    private static int? Read()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Topology))
        {
            return null;
        }

        try
        {
            var cores = new HashSet<string>(StringComparer.Ordinal);
            foreach (string cpu in Directory.EnumerateDirectories(Topology, "cpu*"))
            {
                string siblings = Path.Combine(cpu, "topology", "thread_siblings_list");
                if (File.Exists(siblings))
                {
                    cores.Add(File.ReadAllText(siblings));
                }
            }

            return cores.Count > 0 ? cores.Count : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
