using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>Which positions the sequences of a context hold.</summary>
internal interface ISequenceMemory
{
    /// <summary>Whether positions can be moved.</summary>
    bool CanShift { get; }

    /// <summary>The positions that a sequence holds.</summary>
    PositionRange GetPositions(int sequence);

    /// <summary>Lets an empty sequence hold what another holds up to a position.</summary>
    void Copy(int source, int destination, int end);

    /// <summary>Removes what a sequence holds from a position on.</summary>
    /// <returns>Whether it could.</returns>
    bool Remove(int sequence, int start);

    /// <summary>Removes a range of positions and moves what follows down.</summary>
    void Shift(int sequence, int start, int end);

    /// <summary>A batch went through: its tokens are held now.</summary>
    void Evaluated(ModelBatch batch);
}
