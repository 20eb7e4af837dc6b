namespace LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

/// <summary>A compiled schema as a few places between the parts of a JSON value, and the way of one text through them.</summary>
/// <param name="Places">The places, in the order in which they were found: those of the text first.</param>
/// <param name="Ways">What leads from one to another.</param>
/// <param name="Visits">The places of the text, in order.</param>
/// <param name="IsComplete">Whether all places are there; else there were more than are shown.</param>
internal sealed record SchemaMachine(IReadOnlyList<SchemaPlace> Places, IReadOnlyList<SchemaWay> Ways, IReadOnlyList<SchemaVisit> Visits, bool IsComplete);

/// <summary>A place.</summary>
/// <param name="Id">Its number, from 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Pointer">The JSON pointer of the value that it belongs to; <c>*</c> stands for any item and any name that the schema does not mention.</param>
/// <param name="Allows">What may be here: the kinds of a value, or the members that are there.</param>
/// <param name="Depth">How many objects and arrays are open.</param>
internal sealed record SchemaPlace(int Id, SchemaPlaceKind Kind, string Pointer, string Allows, int Depth);

/// <summary>What a place is.</summary>
internal enum SchemaPlaceKind
{
    /// <summary>A value is read.</summary>
    Value,

    /// <summary>In an object, between its members.</summary>
    Object,

    /// <summary>In an array, between its items.</summary>
    Array,

    /// <summary>The text is over.</summary>
    End,
}

/// <summary>A way between two places.</summary>
/// <param name="From">The place that it leaves.</param>
/// <param name="To">The place that it enters.</param>
/// <param name="Taken">How often the text took it.</param>
internal sealed record SchemaWay(int From, int To, int Taken);

/// <summary>A stay of the text at a place.</summary>
/// <param name="Place">The place.</param>
/// <param name="Text">What was written there.</param>
/// <param name="Tokens">Tokens that begin there.</param>
internal sealed record SchemaVisit(int Place, string Text, int Tokens);
