using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>What <c>namespace()</c> makes: the one thing whose attributes a template can set.</summary>
internal sealed class NamespaceValue(DictValue attributes) : Value
{
    public override string TypeName => "Namespace";

    public override Value? Attribute(string name) => attributes.Find(name);

    public void Set(string name, Value value) => attributes.Set(TextValue.Trusted(name), value);

    public override void WriteRepr(TextBuilder output)
    {
        output.Append("<Namespace ");
        attributes.WriteRepr(output);
        output.Append(">");
    }
}
