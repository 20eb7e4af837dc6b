using System.Globalization;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Ranges that all beam searches have.</summary>
internal static class BeamRange
{
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static void Check(int width, int? results, double lengthPenalty, BeamStopping stopping)
    {
        if (width < 1)
        {
            throw new InvalidSearchException("Width", $"Width is {width}, but a search keeps at least 1 text. Raise it.");
        }

        if (results < 1 || results > width)
        {
            throw new InvalidSearchException("Results", $"Results is {results}, but must be 1 to the width, {width}. Change it, or leave it unset for all.");
        }

        if (!double.IsFinite(lengthPenalty))
        {
            throw new InvalidSearchException(
                "LengthPenalty", string.Create(CultureInfo.InvariantCulture, $"LengthPenalty is {lengthPenalty}, but must be finite. Use 0 for none, or leave it at 1."));
        }

        if (!Enum.IsDefined(stopping))
        {
            throw new InvalidSearchException("Stopping", $"Stopping is {stopping}, but must be Heuristic, Early or Exhaustive. Change it, or leave it unset.");
        }
    }
}
