using System.Text;
using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Values;

/// <summary>Builds a string together with its content ranges, within the budget.</summary>
internal sealed class TextBuilder(Budget budget)
{
    private readonly StringBuilder _characters = new();
    private readonly List<ContentRange> _content = [];

    public Budget Budget => budget;

    public int Length => _characters.Length;

    public TextBuilder Append(string trusted) => Append(trusted, isContent: false);

    public TextBuilder Append(char trusted) => Append([trusted], isContent: false);

    public TextBuilder Append(ReadOnlySpan<char> characters, bool isContent)
    {
        Reserve(characters.Length);
        if (isContent)
        {
            Mark(_characters.Length, _characters.Length + characters.Length);
        }

        _characters.Append(characters);
        return this;
    }

    public TextBuilder Append(TextValue text)
    {
        Reserve(text.Characters.Length);
        var offset = _characters.Length;
        foreach (var range in text.Content)
        {
            Mark(range.Start + offset, range.End + offset);
        }

        _characters.Append(text.Characters);
        return this;
    }

    public TextBuilder AppendSlice(TextValue text, int start, int length) => Append(text.Slice(start, length));

    public TextBuilder AppendRepeated(TextValue text, long count)
    {
        if (text.Characters.Length > 0 && count > 0)
        {
            budget.CheckTextLength(_characters.Length + (long)Math.Min(text.Characters.Length * (decimal)count, long.MaxValue / 2));
            for (long i = 0; i < count; i++)
            {
                Append(text);
            }
        }

        return this;
    }

    public TextBuilder AppendRepeated(char trusted, long count)
    {
        if (count > 0)
        {
            budget.CheckTextLength(_characters.Length + count);
            budget.ChargeCharacters(count);
            _characters.Append(trusted, (int)count);
        }

        return this;
    }

    public TextValue ToText() => new(_characters.ToString(), [.. _content]);

    public RenderedPrompt ToPrompt() => new(_characters.ToString(), _content.AsReadOnly());

    private void Reserve(int length)
    {
        budget.CheckTextLength((long)_characters.Length + length);
        budget.ChargeCharacters(length);
    }

    private void Mark(int start, int end)
    {
        if (start == end)
        {
            return;
        }

        if (_content.Count > 0 && _content[^1].End == start)
        {
            _content[^1] = new ContentRange(_content[^1].Start, end);
        }
        else
        {
            _content.Add(new ContentRange(start, end));
        }
    }
}
