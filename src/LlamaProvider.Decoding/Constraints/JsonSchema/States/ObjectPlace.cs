using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>The states of an object with the same members so far.</summary>
internal sealed class ObjectPlace(ObjectFrame frame, ObjectProgress progress)
{
    private Dictionary<(LexemeState, LexemeTuple?), NameState>? _unlisted;
    private MemberSet? _allowed;
    private bool? _allowsOthers;
    private RecognizerState?[]? _unnamed;
    private RecognizerState?[]? _named;

    /// <summary>After the brace: a name or the end.</summary>
    public MemberState Open => field ??= new MemberState(frame.Grammar.Spacing, this, mayClose: CanClose);

    /// <summary>After a comma: a name.</summary>
    public MemberState Next => field ??= new MemberState(frame.Grammar.Spacing, this, mayClose: false);

    /// <summary>After a value: a comma or the end.</summary>
    public AfterMemberState AfterMember => field ??= new AfterMemberState(frame.Grammar.Spacing, this);

    /// <summary>Where a name begins, behind its quotation mark; <see langword="null"/> when no member may follow.</summary>
    public NameState? Name => field ??= CanContinue ? NameState.Start(this) : null;

    public bool CanClose { get; } = frame.CanClose(progress);

    /// <summary>The mentioned names that may come next.</summary>
    public MemberSet Allowed => _allowed ??= frame.Allowed(progress);

    public bool AllowsOthers => _allowsOthers ??= frame.AllowsOthers(progress);

    public bool CanContinue => AllowsOthers || !Allowed.IsEmpty;

    public ObjectFrame Frame => frame;

    public ObjectProgress Progress => progress;

    /// <summary>The place that stands for all that differ from this one only in names that say nothing about what may follow.</summary>
    public ObjectPlace Representative => field ??= frame.At(frame.Plainest(progress));

    /// <summary>Stands for all places inside names that are not mentioned and go on so.</summary>
    public NameState Inside(LexemeState unlisted, LexemeTuple? classes)
    {
        _unlisted ??= [];
        if (!_unlisted.TryGetValue((unlisted, classes), out NameState? state))
        {
            state = NameState.Unlisted(this, unlisted, classes);
            _unlisted.Add((unlisted, classes), state);
        }

        return state;
    }

    /// <summary>After a mentioned name; <see langword="null"/> when it may not come here.</summary>
    public RecognizerState? AfterName(int index) =>
        frame.IsFree(index, progress) ? Colon(frame.Plan.Names[index].Options, progress.With(index, frame.Plan.Names[index].Order)) : null;

    /// <summary>The same, made once: see <see cref="NameState.KeptEndOf"/>.</summary>
    public RecognizerState? AfterNameKept(int index)
    {
        _named ??= new RecognizerState?[frame.Words.Count];
        return _named[index] ??= AfterName(index);
    }

    /// <summary>After a name of a class that is not mentioned; <see langword="null"/> when it may not come here or has come before.</summary>
    public RecognizerState? AfterOther(int index, byte[] spelled)
    {
        if (progress.HasOther(spelled) && !ObjectProgress.IsNoName(spelled))
        {
            return null;
        }

        return index < 0 ? null : Colon(frame.Classes[index].Options, progress.WithOther(spelled));
    }

    /// <summary>After some name of a class that is neither mentioned nor there yet.</summary>
    public RecognizerState? AfterUnnamed(int index)
    {
        if (index < 0)
        {
            return null;
        }

        _unnamed ??= new RecognizerState?[frame.Classes.Length];
        return _unnamed[index] ??= Colon(frame.Classes[index].Options, progress.WithOther(ObjectProgress.NoName));
    }

    /// <param name="options">What the value may be.</param>
    /// <param name="named">What is there with the name, but for the conditions that the value meets.</param>
    private ColonState? Colon(ImmutableArray<PartOption> options, ObjectProgress named)
    {
        var values = new StateCall[options.Length];
        int count = 0;
        foreach (PartOption option in options)
        {
            ObjectProgress next = named.Meeting(option.Meets);
            if (option.Value.IsMet && frame.CanComplete(next))
            {
                values[count++] = new StateCall(frame.Grammar.ValueOf(option.Value)!, frame.At(next).AfterMember);
            }
        }

        Array.Resize(ref values, count);
        return count == 0 ? null : new ColonState(frame.Grammar.Spacing, values);
    }
}

/// <summary>Before a name.</summary>
internal sealed class MemberState(JsonSpacing spacing, ObjectPlace place, bool mayClose) : JsonState(spacing)
{
    public ObjectPlace Place => place;

    public override RecognizerState Representative => ReferenceEquals(this, place.Next) ? place.Representative.Next : place.Representative.Open;

    public override RecognizerState? Token(byte value) => value switch
    {
        (byte)'"' => place.Name,
        (byte)'}' when mayClose => EndState.Instance,
        _ => null,
    };
}

/// <summary>After a name.</summary>
internal sealed class ColonState(JsonSpacing spacing, StateCall[] values) : JsonState(spacing)
{
    /// <summary>The values that may follow, each with the place after it.</summary>
    public ReadOnlySpan<StateCall> Values => values;

    private BeforeValueState Value => field ??= new BeforeValueState(Spacing, values);

    public override RecognizerState? Token(byte value) => value == ':' ? Value : null;
}

/// <summary>After a name's colon.</summary>
internal sealed class BeforeValueState(JsonSpacing spacing, StateCall[] values) : JsonState(spacing)
{
    public override bool HasCalls => true;

    public override ReadOnlySpan<StateCall> Calls => values;

    public override RecognizerState? Token(byte value) => null;
}

/// <summary>After a value.</summary>
internal sealed class AfterMemberState(JsonSpacing spacing, ObjectPlace place) : JsonState(spacing)
{
    public ObjectPlace Place => place;

    public override RecognizerState Representative => place.Representative.AfterMember;

    public override RecognizerState? Token(byte value) => value switch
    {
        (byte)',' when place.CanContinue => place.Next,
        (byte)'}' when place.CanClose => EndState.Instance,
        _ => null,
    };
}
