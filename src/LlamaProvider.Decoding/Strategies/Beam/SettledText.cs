namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>What is certain of the answer while a search goes on: the tokens that all texts that may become the answer begin with. They are emitted once.</summary>
internal sealed class SettledText
{
    private int _emitted;

    /// <summary>Emits what has become certain.</summary>
    /// <param name="groups">The texts.</param>
    /// <param name="results">Receives the tokens.</param>
    public void Emit(BeamGroup[] groups, IStepResults results)
    {
        while (TryFind(groups, out int token))
        {
            results.Emit(token);
            _emitted++;
        }
    }

    /// <summary>Emits the rest of the answer.</summary>
    public void EmitRest(ReadOnlySpan<int> answer, IStepResults results)
    {
        foreach (int token in answer[_emitted..])
        {
            results.Emit(token);
        }

        _emitted = answer.Length;
    }

    /// <summary>Only a group's best finished text and those that go on may become the answer.</summary>
    private bool TryFind(BeamGroup[] groups, out int token)
    {
        token = -1;
        foreach (BeamGroup group in groups)
        {
            if (group.Finished.Best.Count > 0 && !Agrees(group.Finished.Best[0].Tokens, ref token))
            {
                return false;
            }

            for (int index = 0; index < group.Live.Count; index++)
            {
                if (!Agrees(group.Live[index].Answer, ref token))
                {
                    return false;
                }
            }
        }

        return token >= 0;
    }

    private bool Agrees(ReadOnlySpan<int> answer, ref int token)
    {
        if (answer.Length <= _emitted || (token >= 0 && answer[_emitted] != token))
        {
            return false;
        }

        token = answer[_emitted];
        return true;
    }
}
