using System.Buffers;
using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Chat;

/// <summary>
/// Turns the tokens of an answer into text that may be shown: whole characters only, and nothing that may still turn out to be the beginning of a
/// stop sequence. One instance an answer.
/// </summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="stops">Texts that end the answer.</param>
/// <param name="isMarked">Whether control tokens within the answer show by name: they are marks for who reads it further.</param>
internal sealed class AnswerText(Vocabulary vocabulary, StopSequences stops, bool isMarked = false)
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly ArrayBufferWriter<byte> _held = new();
    private int _stopState = StopSequences.Start;
    private bool _stopped;

    /// <summary>Tokens that have been added.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Adds tokens and returns the text that has become certain; empty when none has.</summary>
    public string Append(IReadOnlyList<int> tokens)
    {
        for (int index = 0; index < tokens.Count && !_stopped; index++)
        {
            TokenCount++;
            Add(tokens[index]);
        }

        return Take();
    }

    /// <summary>Adds a token, of which <see cref="Take"/> gives what is certain.</summary>
    public void Add(int token)
    {
        if (vocabulary.IsText(token))
        {
            Add(vocabulary.GetBytes(token));
        }
        else if (isMarked && !_stopped && !vocabulary.IsEndOfGeneration(token))
        {
            _held.Write(vocabulary.GetBytes(token));
        }
    }

    /// <summary>The text that has become certain since the last time; empty when none has.</summary>
    public string Take()
    {
        int certain = _stopped ? _held.WrittenCount : _held.WrittenCount - stops.PendingBytes(_stopState);
        return Release(certain, flush: false);
    }

    /// <summary>The rest, once no token follows. Bytes that never became a whole character show as U+FFFD.</summary>
    public string Complete() => Release(_held.WrittenCount, flush: true);

    /// <summary>Adds bytes, of which <see cref="Take"/> gives what is certain. Nothing follows a stop sequence.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_stopped)
        {
            return;
        }

        for (int index = 0; index < bytes.Length; index++)
        {
            _stopState = stops.Advance(_stopState, bytes[index]);
            if (stops.IsMatch(_stopState, out int stop))
            {
                _held.Write(bytes[..(index + 1)]);
                RemoveLast(Encoding.UTF8.GetByteCount(stops.Texts[stop]));
                _stopped = true;
                return;
            }
        }

        _held.Write(bytes);
    }

    private void RemoveLast(int count)
    {
        byte[] kept = _held.WrittenSpan[..^count].ToArray();
        _held.ResetWrittenCount();
        _held.Write(kept);
    }

    private string Release(int count, bool flush)
    {
        ReadOnlySpan<byte> released = _held.WrittenSpan[..count];
        int length = _decoder.GetCharCount(released, flush);
        if (length == 0)
        {
            // The decoder keeps what it has not shown, so these bytes are not needed here any more.
            _decoder.GetChars(released, [], flush);
            Forget(count);
            return "";
        }

        char[] rented = ArrayPool<char>.Shared.Rent(length);
        int written = _decoder.GetChars(released, rented, flush);
        string text = new(rented, 0, written);
        ArrayPool<char>.Shared.Return(rented);
        Forget(count);
        return text;
    }

    private void Forget(int count)
    {
        if (count == _held.WrittenCount)
        {
            _held.ResetWrittenCount();
            return;
        }

        byte[] rest = _held.WrittenSpan[count..].ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
    }
}
