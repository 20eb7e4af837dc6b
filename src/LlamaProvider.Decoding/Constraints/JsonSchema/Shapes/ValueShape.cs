using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

/// <summary>
/// A set of JSON values in the form that a text is matched with: by type, since a value's first byte tells its type. Scalars are languages; arrays and objects are alternatives, of
/// which each is a conjunction.
/// </summary>
/// <param name="Literals">Which of null, true and false.</param>
/// <param name="Numbers">The numbers.</param>
/// <param name="Strings">The texts of strings, without the quotation marks.</param>
/// <param name="Arrays">Any of these.</param>
/// <param name="Objects">Any of these.</param>
internal sealed record ValueShape(
    JsonLiterals Literals,
    NumberTexts Numbers,
    ByteExpression Strings,
    ImmutableArray<ArrayShape> Arrays,
    ImmutableArray<ObjectShape> Objects);

/// <summary>A set of numbers as texts.</summary>
/// <param name="Written">How they are written: 5, where the schema says 5 or integer.</param>
/// <param name="AllSpellings">How they may be written without an exponent: also 5.0. What is not one of these is another number.</param>
internal readonly record struct NumberTexts(ByteExpression Written, ByteExpression AllSpellings)
{
    public static NumberTexts Of(ByteExpression texts) => new(texts, texts);
}

/// <summary>JSON's values that are words.</summary>
[Flags]
internal enum JsonLiterals
{
    None = 0,
    Null = 1,
    True = 2,
    False = 4,
    Booleans = True | False,
    All = Null | Booleans,
}
