using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Machine;

/// <summary>Makes the places of a compiled schema out of its states, and follows a text through them.</summary>
/// <remarks>
/// The automaton has a state for every byte of every name and value, endlessly many where strings are, and a stack. What is made of it here is its structure: the states between parts as they are, those inside a part
/// as one. Objects and arrays that the text does not enter are one place, so recursive schemas end.
/// </remarks>
internal sealed class SchemaMachineBuilder
{
    private const int MostPlaces = 48;

    private readonly StackSpace _stacks = new();
    private readonly PlaceLocator _locator;
    private readonly ValueState _start;
    private readonly Dictionary<PlaceKey, SchemaPlace> _places = [];
    private readonly Dictionary<PlaceKey, RecognizerState> _values = [];
    private readonly Dictionary<(int From, int To), int> _ways = [];
    private readonly HashSet<PlaceKey> _visited = [];
    private readonly Queue<PlaceKey> _unexplored = [];
    private bool _isComplete = true;

    private SchemaMachineBuilder(ValueState start)
    {
        _start = start;
        _locator = new PlaceLocator(_stacks);
    }

    /// <summary>Builds the machine of a schema around a text.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="options">How it was compiled for the text.</param>
    /// <param name="tokens">The bytes of the text's tokens. It may stop in the middle of a value.</param>
    /// <exception cref="JsonException">The text does not meet the schema.</exception>
    public static SchemaMachine Build(JsonElement schema, JsonSchemaOptions? options, IReadOnlyList<byte[]> tokens)
    {
        var builder = new SchemaMachineBuilder(JsonSchemaCompiler.CompileStart(schema, options));
        List<(PlaceKey Place, string Text, int Tokens)> visits = builder.Follow(tokens);
        builder.Explore();
        SchemaVisit[] path = [.. visits.Where(visit => builder._places.ContainsKey(visit.Place)).Select(visit => new SchemaVisit(builder._places[visit.Place].Id, visit.Text, visit.Tokens))];
        foreach ((SchemaVisit from, SchemaVisit to) in path.Zip(path.Skip(1)))
        {
            (int, int) way = (from.Place, to.Place);
            builder._ways[way] = builder._ways.GetValueOrDefault(way) + 1;
        }

        return new SchemaMachine([.. builder._places.Values], [.. builder._ways.Select(static way => new SchemaWay(way.Key.From, way.Key.To, way.Value))], path, builder._isComplete);
    }

    private List<(PlaceKey, string, int)> Follow(IReadOnlyList<byte[]> tokens)
    {
        var threads = new RecognizerThreads(_stacks);
        threads.Add(new RecognizerThread(_start, RuleStack.Bottom));
        var visits = new List<(PlaceKey, string, int)>();
        PlaceKey place = new(RuleStack.Bottom);
        _visited.Add(place);
        var text = new List<byte>();
        int count = 0;
        int start = 0;
        foreach (byte[] token in tokens)
        {
            count++;
            foreach (byte value in token)
            {
                int end = threads.Count;
                threads.Advance(start, end, value);
                if (threads.Count == end)
                {
                    throw new JsonException("The text does not meet the schema.");
                }

                start = end;
                PlaceKey next = _locator.Of(threads[start]);
                if (next != place)
                {
                    visits.Add((place, Encoding.UTF8.GetString([.. text]), count - 1));
                    if (Between(place, next) is { } passed)
                    {
                        visits.Add((passed, "", 0));
                        _visited.Add(passed);
                    }

                    (place, count) = (next, 1);
                    text.Clear();
                    _visited.Add(place);
                }

                if (threads[start].State is not (ColonState or BeforeValueState or SpacedState))
                {
                    text.Add(value);
                }
            }
        }

        visits.Add((place, Encoding.UTF8.GetString([.. text]), count));
        return visits;
    }

    /// <summary>The place behind a value, where the byte that shows the value's end leads beyond it: a closing brace.</summary>
    private static PlaceKey? Between(PlaceKey from, PlaceKey to) =>
        from is { Container: null, IsEnd: false } && !ReferenceEquals(to.Stack, from.Stack) && PlaceLocator.After(from.Stack) is var after && after != to ? after : null;

    private void Explore()
    {
        Add(new PlaceKey(RuleStack.Bottom), SchemaPlaceKind.Value, "", ValueKinds.Of(_start), 0, _start);
        while (_unexplored.TryDequeue(out PlaceKey key))
        {
            SchemaPlace place = _places[key];
            switch (key.Container)
            {
                case ObjectPlace members: ExploreObject(key, place, members); break;
                case ArrayFrame items: ExploreArray(key, place, items); break;
                case null when place.Kind == SchemaPlaceKind.Value: ExploreValue(key, place); break;
            }
        }
    }

    private void ExploreValue(PlaceKey key, SchemaPlace place)
    {
        RecognizerState value = _values[key];
        bool isEntered = false;
        foreach (RecognizerState inner in ValueKinds.Containers(value))
        {
            PlaceKey opened = _locator.Of(new RecognizerThread(inner, key.Stack));
            if (_visited.Contains(opened))
            {
                isEntered = true;
                Connect(place, opened, opened.Container is ArrayFrame ? SchemaPlaceKind.Array : SchemaPlaceKind.Object, place.Pointer, Members(opened), place.Depth + 1);
            }
        }

        if (!isEntered || ValueKinds.Scalars(value).Length > 0)
        {
            Leave(place, key.Stack);
        }
    }

    private void ExploreObject(PlaceKey key, SchemaPlace place, ObjectPlace members)
    {
        foreach (int name in Enumerable.Range(0, members.Frame.Words.Count).OrderBy(name => members.Frame.Plan.Names[name].Order))
        {
            if (members.AfterName(name) is ColonState colon)
            {
                Enter(key, place, colon, JsonElement.Parse($"\"{Encoding.UTF8.GetString(members.Frame.Words[name])}\"").GetString()!);
            }
        }

        if (members.AllowsOthers && members.AfterUnnamed(0) is ColonState other)
        {
            Enter(key, place, other, "*");
        }

        if (members.CanClose)
        {
            Leave(place, key.Stack);
        }
    }

    private void ExploreArray(PlaceKey key, SchemaPlace place, ArrayFrame items)
    {
        foreach (StateCall item in items.Items(ArrayProgress.Start))
        {
            var value = new PlaceKey(_locator.ItemOf(items, key.Stack));
            Connect(place, value, SchemaPlaceKind.Value, $"{place.Pointer}/*", ValueKinds.Of(item.Callee), place.Depth, item.Callee);
        }

        Leave(place, key.Stack);
    }

    private void Enter(PlaceKey key, SchemaPlace place, ColonState colon, string name)
    {
        string pointer = $"{place.Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        foreach (StateCall call in colon.Values)
        {
            Connect(place, _locator.ValueOf(call, key.Stack), SchemaPlaceKind.Value, pointer, ValueKinds.Of(call.Callee), place.Depth, call.Callee);
        }
    }

    /// <summary>The way behind a value or container.</summary>
    private void Leave(SchemaPlace place, RuleStack stack)
    {
        PlaceKey after = PlaceLocator.After(stack);
        SchemaPlaceKind kind = after.IsEnd ? SchemaPlaceKind.End : after.Container is ArrayFrame ? SchemaPlaceKind.Array : SchemaPlaceKind.Object;
        string around = place.Pointer[..Math.Max(0, place.Pointer.LastIndexOf('/'))];
        int depth = after.IsEnd ? 0 : place.Kind == SchemaPlaceKind.Value ? place.Depth : place.Depth - 1;
        Connect(place, after, kind, around, Members(after), depth);
    }

    private void Connect(SchemaPlace from, PlaceKey to, SchemaPlaceKind kind, string pointer, string allows, int depth, RecognizerState? value = null)
    {
        if (Add(to, kind, pointer, allows, depth, value) is { } place)
        {
            _ways.TryAdd((from.Id, place.Id), 0);
        }
    }

    private SchemaPlace? Add(PlaceKey key, SchemaPlaceKind kind, string pointer, string allows, int depth, RecognizerState? value)
    {
        if (_places.TryGetValue(key, out SchemaPlace? known))
        {
            return known;
        }

        if (_places.Count >= MostPlaces && !_visited.Contains(key) && !key.IsEnd)
        {
            _isComplete = false;
            return null;
        }

        var place = new SchemaPlace(_places.Count, kind, pointer, allows, depth);
        _places.Add(key, place);
        _unexplored.Enqueue(key);
        if (value is not null)
        {
            _values[key] = value;
        }

        return place;
    }

    private static string Members(PlaceKey key) => key.Container is ObjectPlace place
        ? string.Join(", ", Enumerable.Range(0, place.Frame.Words.Count).Where(name => place.Progress.Seen[name]).OrderBy(name => place.Frame.Plan.Names[name].Order).Select(name => Encoding.UTF8.GetString(place.Frame.Words[name])))
        : "";
}
