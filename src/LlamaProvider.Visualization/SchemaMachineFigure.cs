using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Machine;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>The automaton that a JSON schema was compiled to, and the way that an answer took through it.</summary>
/// <remarks>
/// It is made of the compiled states themselves. Those between the parts of a value are shown as they are; the states inside a name or a scalar, one for every byte, are one place; so is an array whatever its number of
/// items, and an object or array that the answer did not enter.
/// </remarks>
public static class SchemaMachineFigure
{
    private const double Row = 30;
    private const double Lane = 9;
    private const double Indent = 26;
    private const double BoxWidth = 250;
    private const double BoxHeight = 22;

    /// <summary>Draws the places from top to bottom, as they are found from the beginning on. The thick way is the answer's, with what it wrote at each value.</summary>
    /// <param name="trace">The trace of an answer that was bound to a JSON schema.</param>
    /// <param name="vocabulary">The tokens of the model that wrote it.</param>
    /// <exception cref="TraceNotCapturedException">The answer was bound to no schema, or its text does not meet it: thinking precedes it, or the vocabulary is another model's.</exception>
    public static Figure Of(AnswerTrace trace, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(vocabulary);
        SchemaMachine machine = Build(trace, vocabulary);
        const string Title = "The schema's automaton";
        int visited = machine.Visits.Select(visit => visit.Place).Distinct().Count();
        string line = $"{Numbers.Count(machine.Places.Count)} places{(machine.IsComplete ? "" : " (of more)")}, of which the answer visited {Numbers.Count(visited)}.";
        var lanes = WayLanes.Of(machine.Ways);
        double left = 24 + (Lane * lanes.Count);
        var canvas = new Canvas(left + (Indent * machine.Places.Max(place => place.Depth)) + BoxWidth + 330);
        double top = canvas.Head(Title, line) + 6;
        canvas.Height = top + (Row * machine.Places.Count) + 12;
        foreach (SchemaWay way in machine.Ways.OrderBy(way => way.Taken))
        {
            canvas.Add(DrawWay(way, lanes[way], machine, left, top));
        }

        foreach (SchemaPlace place in machine.Places)
        {
            canvas.Add(DrawPlace(place, machine, left, top));
        }

        return new Figure(Title, $"{line} {Words(machine)}", canvas);
    }

    private static SchemaMachine Build(AnswerTrace trace, Vocabulary vocabulary)
    {
        if (trace.Tokens.FirstOrDefault(token => token >= vocabulary.Count) is var foreign and > 0)
        {
            throw new TraceNotCapturedException($"The trace has token {foreign}, but the vocabulary has {vocabulary.Count} tokens. Give the vocabulary of the model that wrote the answer.");
        }

        JsonElement schema = TracedSchema.Of(trace);
        byte[][] tokens = [.. trace.Tokens.Where(vocabulary.IsText).Select(token => vocabulary.GetBytes(token).ToArray())];
        try
        {
            return SchemaMachineBuilder.Build(schema, TracedSchema.Options(trace), tokens);
        }
        catch (JsonException)
        {
            throw new TraceNotCapturedException(
                "The figure needs an answer that is JSON of its schema from the first token on, but this one is not: thinking precedes it, or the vocabulary is another model's. Ask without thinking, and give the vocabulary of the model that wrote it.");
        }
    }

    private static Mark DrawPlace(SchemaPlace place, SchemaMachine machine, double left, double top)
    {
        SchemaVisit[] visits = [.. machine.Visits.Where(visit => visit.Place == place.Id)];
        int tokens = visits.Sum(visit => visit.Tokens);
        double x = X(place, left);
        double y = top + (Row * place.Id);
        bool isVisited = visits.Length > 0;
        string label = Label(place);
        string written = place.Kind == SchemaPlaceKind.Value ? string.Join(", ", visits.Select(visit => visit.Text).Where(text => text.Length > 0)) : "";
        Ink ink = isVisited ? Ink.Chosen : Ink.Removed;
        var shapes = new List<Shape>
        {
            new Box(x, y, BoxWidth, BoxHeight, Ink.Surface),
            new Box(x, y, BoxWidth, BoxHeight, place.Kind == SchemaPlaceKind.Value ? ink : Ink.Grid, IsOutline: !isVisited, Opacity: isVisited ? 0.3 : 1),
            new Label(x + 7, y + 15, VisibleText.Cut(label, 42), isVisited ? Ink.Text : Ink.Muted, Drawing.Label.Small, IsBold: isVisited && place.Kind == SchemaPlaceKind.Value),
        };
        if (isVisited)
        {
            shapes.Add(new Label(x + BoxWidth + 8, y + 15, VisibleText.Cut($"{(written.Length > 0 ? $"{written}, " : "")}{Numbers.Count(tokens)} tokens", 52), Ink.Muted, Drawing.Label.Small));
        }

        return new Mark(
            "place",
            $"{label}: {(isVisited ? $"visited {Numbers.Count(visits.Length)} times, {Numbers.Count(tokens)} tokens" : "not visited")}{(written.Length > 0 ? $", {written}" : "")}",
            [new("id", place.Id), new("kind", place.Kind.ToString()), new("pointer", place.Pointer), new("allows", place.Allows), new("visits", visits.Length), new("tokens", tokens), new("text", written)],
            shapes);
    }

    private static Mark DrawWay(SchemaWay way, int lane, SchemaMachine machine, double left, double top)
    {
        double x = left - 14 - (Lane * lane);
        double begin = top + (Row * way.From) + (BoxHeight / 2) + 3;
        double end = top + (Row * way.To) + (BoxHeight / 2) - 3;
        double to = X(machine.Places[way.To], left);
        Ink ink = way.Taken > 0 ? Ink.Chosen : Ink.Removed;
        double thickness = way.Taken > 0 ? 2 : 1;
        return new Mark(
            "way",
            $"From {Label(machine.Places[way.From])} to {Label(machine.Places[way.To])}, taken {Numbers.Count(way.Taken)} times",
            [new("from", way.From), new("to", way.To), new("taken", way.Taken)],
            new Line(ink, thickness, IsDashed: way.Taken == 0, new Spot(X(machine.Places[way.From], left), begin), new Spot(x, begin), new Spot(x, end), new Spot(to, end)),
            new Line(ink, thickness, IsDashed: false, new Spot(to - 5, end - 3), new Spot(to, end), new Spot(to - 5, end + 3)));
    }

    private static double X(SchemaPlace place, double left) => left + (Indent * place.Depth);

    private static string Label(SchemaPlace place) => place.Kind switch
    {
        SchemaPlaceKind.End => "end",
        SchemaPlaceKind.Value => $"{(place.Pointer.Length == 0 ? "answer" : place.Pointer)}: {place.Allows}",
        SchemaPlaceKind.Array => $"{place.Pointer}[ between items",
        _ => $"{place.Pointer}{{ {(place.Allows.Length == 0 ? "nothing yet" : $"has {place.Allows}")}",
    };

    private static string Words(SchemaMachine machine) =>
        $"The answer's way: {string.Join("; ", machine.Visits.Select(visit => machine.Places[visit.Place]).Select((place, index) => machine.Visits[index].Text is { Length: > 0 } text && place.Kind == SchemaPlaceKind.Value ? $"{Label(place)} = {text}" : Label(place)))}.";
}
