using System.Text;

namespace LlamaProvider.Chat.Tools;

/// <summary>
/// Parts an answer, as it comes, into text for the user and calls. Text is held back only while it may be the beginning of a call, and space at its end until something
/// follows. One instance an answer.
/// </summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="request">The tools.</param>
/// <param name="isCallFirst">Whether calls stand at the beginning or nowhere: what an answer without calls must be may hold their mark, in a JSON string, say.</param>
internal sealed class ToolCallSplitter(ToolCallFormat format, ToolRequest request, bool isCallFirst = false)
{
    private readonly StringBuilder _held = new();
    private readonly string? _mark = isCallFirst ? null : format.Trigger;
    private readonly string[] _beginnings = format.Trigger is { } trigger ? [trigger] : [.. ToolCallGrammar.Beginnings(format, request.Tools)];
    private bool _hasText;
    private bool _isCalling;

    /// <summary>Adds text; returns what of it the user may see.</summary>
    public string Append(string text)
    {
        _held.Append(text);
        if (_isCalling || (_mark is null && _hasText))
        {
            return _isCalling ? "" : Release(_held.Length);
        }

        string held = _held.ToString();
        if (Find(held) is int call)
        {
            _isCalling = true;
            return TextBefore(held, call);
        }

        return Release(Certain(held));
    }

    /// <summary>The rest, once nothing follows.</summary>
    /// <param name="calls">Receives the calls that are whole.</param>
    /// <returns>What the user may see yet: text in which no call is whole, too, so that nothing is lost.</returns>
    public string Complete(List<ToolCall> calls)
    {
        string held = _held.ToString();
        _held.Clear();
        if (!_isCalling)
        {
            return held;
        }

        int position = 0;
        calls.AddRange(new ToolCallReader(format, request.Tools).Read(held, ref position));
        return "";
    }

    private string TextBefore(string held, int call)
    {
        _held.Remove(0, call);
        string text = held[..call].TrimEnd();
        _hasText |= text.Length > 0;
        return text;
    }

    private int? Find(string held)
    {
        if (_mark is { } mark)
        {
            return held.IndexOf(mark, StringComparison.Ordinal) is >= 0 and int found ? found : null;
        }

        int start = held.Length - held.AsSpan().TrimStart().Length;
        return request.IsRequired || Array.Exists(_beginnings, beginning => held.AsSpan(start).StartsWith(beginning, StringComparison.Ordinal)) ? start : null;
    }

    /// <summary>How much of the text is no beginning of a call, and no space that a call may follow.</summary>
    private int Certain(string held)
    {
        int certain = held.AsSpan().TrimEnd().Length;
        if (_mark is null)
        {
            ReadOnlySpan<char> begun = held.AsSpan().TrimStart();
            foreach (string beginning in _beginnings)
            {
                if (beginning.AsSpan().StartsWith(begun, StringComparison.Ordinal))
                {
                    return 0;
                }
            }

            return certain;
        }

        for (int start = Math.Max(0, held.Length - _mark.Length + 1); start < held.Length; start++)
        {
            if (_mark.AsSpan().StartsWith(held.AsSpan(start), StringComparison.Ordinal))
            {
                return held.AsSpan(0, start).TrimEnd().Length;
            }
        }

        return certain;
    }

    private string Release(int length)
    {
        string text = _held.ToString(0, length);
        _held.Remove(0, length);
        _hasText |= length > 0;
        return text;
    }
}
