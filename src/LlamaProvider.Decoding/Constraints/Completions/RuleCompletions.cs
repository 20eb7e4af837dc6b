using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>For each state of a grammar a text with which its rule ends, the shortest in bytes but for names.</summary>
/// <remarks>
/// <para>
/// Naive: Dijkstra over configurations, each a state with a stack; stacks are without end. But how a rule ends does not depend on what surrounds it, so the distance of a state to its rule's
/// end is a number of the state alone, and a called rule is an edge as long as its own distance. That is the lightest derivation of Knuth (1977, "A generalization of Dijkstra's
/// algorithm"), here asked for one state at a time: items are (the state a search began at, a state of the same rule), a call begins a search of its own at distance 0 and waits for
/// it, and items leave the queue by their distance, so the first one that ends is the shortest.
/// </para>
/// <para>
/// Every state on a shortest way has its own: they are remembered, and later searches end where they meet them. So an answer that follows a completion searches nothing.
/// </para>
/// <para>
/// Where an automaton reads along, as phrases do, the same states of the grammar are met with each of the automaton's, and a search that only knows how far it has come looks at all of them. But it takes
/// no fewer bytes than the grammar's rule takes by itself, nor than the automaton does (<see cref="LeastBytes"/>). With the larger of these as an estimate the queue is that of A* (Hart, Nilsson and
/// Raphael 1968; for derivations Felzenszwalb and McAllester 2007): ways that cannot be the shortest are not looked at.
/// </para>
/// <para>
/// <b>Names.</b> The states inside an object's name are as many as names. A word is therefore one edge: each listed one, and of the others one that may come here. Where
/// phrases are looked for in names, those that are not listed are told apart only by what the phrases say (<see cref="RecognizerState.Representative"/>); a text with several of them may
/// then repeat one, which is found out when it is followed.
/// </para>
/// <para>Used under the grammar's lock.</para>
/// </remarks>
/// <param name="trie">The tokens that write the texts.</param>
internal sealed partial class RuleCompletions(TokenTrie trie)
{
    /// <summary>The most states that one search looks at; beyond it nothing is known.</summary>
    public const int Limit = 20_000;

    /// <summary>Searches for an estimate that found nothing, after which none is begun: where a grammar's texts are that long, they would take more than they save.</summary>
    private const int MostInVain = 4;

    private readonly Dictionary<RecognizerState, Way> _ways = [];
    private readonly Dictionary<RecognizerState, Completion?> _completions = [];

    private readonly LeastBytes _automata = new();
    private int _inVain;

    /// <summary>Words of few tokens.</summary>
    public ShortWords Words => field ??= new ShortWords(trie, language => Of(language)?.Text.ToArray());

    /// <summary>How the rule of a state ends; <see langword="null"/> when that is not known.</summary>
    public Completion? Of(RecognizerState state)
    {
        state = Plain(state);
        if (state.IsAccepting)
        {
            return Completion.Empty;
        }

        if (!_completions.TryGetValue(state, out Completion? completion))
        {
            completion = state is GuardedState word and not IntersectionWord ? OfWord(word)
                : _ways.ContainsKey(state) || new Search(this, state).Run() ? Completion.Of(TextFrom(state), trie) : null;
            _completions.Add(state, completion);
        }

        return completion;
    }

    /// <summary>Of the words that may come the one with the fewest tokens to the rule's end, so that a token which leads into a word costs no less than what is found there.</summary>
    private Completion? OfWord(GuardedState word)
    {
        (byte[] Path, Completion After)? best = null;
        int fewest = Completion.Unwritable;
        foreach ((byte[] path, RecognizerState next) in WordPaths.Find(word, Words))
        {
            if (Of(next) is { } rest && Completion.Of(path, trie).Tokens + rest.Tokens is var tokens && tokens < fewest)
            {
                best = (path, rest);
                fewest = tokens;
            }
        }

        return best is null ? null : Completion.Of([.. best.Value.Path, .. best.Value.After.Text], trie);
    }

    private static RecognizerState Plain(RecognizerState state) => (state is IIntersected ? state.Representative : state).Unpadded;

    private byte[] TextFrom(RecognizerState start)
    {
        var text = new List<byte>();
        var open = new Stack<RecognizerState>([start]);
        while (open.TryPop(out RecognizerState? state))
        {
            if (state.IsAccepting)
            {
                continue;
            }

            Way way = _ways[state];
            text.AddRange(way.Text);
            if (way.Next is not null)
            {
                open.Push(way.Next);
            }

            if (way.Callee is not null)
            {
                open.Push(way.Callee);
            }
        }

        return [.. text];
    }

    /// <summary>Bytes that it takes at least to a rule's end.</summary>
    private int Estimate(RecognizerState state) =>
        state is IIntersected joint ? Math.Max(_automata.Between(joint.Automaton, joint.AutomatonAtEnd), joint.State is GuardedState ? 0 : EstimateAlone(Plain(joint.State))) : 0;

    private int EstimateAlone(RecognizerState state)
    {
        if (DistanceOf(state) is int known)
        {
            return known;
        }

        if (_inVain == MostInVain)
        {
            return 0;
        }

        bool isFound = new Search(this, state).Run();
        _inVain += isFound ? 0 : 1;
        return isFound ? _ways[state].Distance : 0;
    }

    private int? DistanceOf(RecognizerState state) => state.IsAccepting ? 0 : _ways.TryGetValue(state, out Way way) ? way.Distance : null;

    /// <param name="Distance">Bytes to the rule's end.</param>
    /// <param name="Text">The next bytes, if they are the rule's own.</param>
    /// <param name="Callee">The rule that is called otherwise.</param>
    /// <param name="Next">Where the rule goes on; <see langword="null"/> when it ends with the called one.</param>
    private readonly record struct Way(int Distance, byte[] Text, RecognizerState? Callee, RecognizerState? Next);
}
