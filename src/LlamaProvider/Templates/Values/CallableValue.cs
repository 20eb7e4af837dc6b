using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>Something a template can call.</summary>
internal abstract class CallableValue : Value
{
    public abstract Value Call(Rendering rendering, Arguments arguments);
}

/// <summary>The arguments of one call, in Python's two kinds.</summary>
internal sealed record Arguments(Value[] Positional, KeyValuePair<string, Value>[] Named)
{
    public static readonly Arguments None = new([], []);

    public Value? Find(string name)
    {
        foreach (var (key, value) in Named)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}
