using LlamaProvider.Benchmarks.Support;

namespace DecodingLab.Measuring;

/// <summary>Writes what was measured, in the form that all benchmarks share.</summary>
internal static class MeasurementFile
{
    /// <exception cref="LabException">It cannot be written.</exception>
    public static void Write(Lab lab, IEnumerable<BenchmarkRow> rows)
    {
        if (lab.Options.Json is not { } path)
        {
            return;
        }

        var report = new BenchmarkReport();
        report.Models["model"] = $"{lab.Engine.Model.Description.Name}, {Path.GetFileName(lab.Options.ModelPath)}";
        report.Rows.AddRange(rows);
        try
        {
            report.Save(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"--json is '{path}', but it cannot be written: {error.Message} Name another file.", error);
        }
    }
}
