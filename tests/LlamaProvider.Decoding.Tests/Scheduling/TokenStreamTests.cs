using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class TokenStreamTests
{
    private readonly ManualTime _time = new();
    private int _wakes;
    private int _rooms;

    [Fact]
    public async Task Write_FirstToken_WakesAtOnce()
    {
        TokenStream stream = Create(capacity: 10);
        ValueTask waiting = stream.WaitAsync();
        Assert.False(waiting.IsCompleted);

        stream.Write(5);

        Assert.True(waiting.IsCompleted);
        await waiting;
        AssertRead([5], null, stream);
    }

    [Fact]
    public async Task Write_FasterThanTheShortestPause_IsBundled()
    {
        TokenStream stream = Create(capacity: 10);
        await WakeOnceAsync(stream);
        ValueTask waiting = stream.WaitAsync();

        stream.Write(6);
        _time.Advance(TokenStream.ShortestPause / 2);
        stream.Write(7);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TokenStream.ShortestPause / 2);
        stream.Write(8);

        Assert.True(waiting.IsCompleted);
        await waiting;
        AssertRead([6, 7, 8], null, stream);
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public async Task Flush_HeldBack_Wakes()
    {
        TokenStream stream = Create(capacity: 10);
        await WakeOnceAsync(stream);
        ValueTask waiting = stream.WaitAsync();
        stream.Flush();
        Assert.False(waiting.IsCompleted);
        stream.Write(6);

        stream.Flush();

        Assert.True(waiting.IsCompleted);
        await waiting;
    }

    [Fact]
    public async Task Write_StreamFull_WakesAtOnceAndReadingMakesRoom()
    {
        TokenStream stream = Create(capacity: 2);
        await WakeOnceAsync(stream);
        ValueTask waiting = stream.WaitAsync();
        stream.Write(6);
        Assert.False(stream.IsFull);
        stream.Write(7);

        Assert.True(stream.IsFull);
        Assert.True(waiting.IsCompleted);
        await waiting;
        Assert.Equal(0, _rooms);
        Read(stream);
        Assert.Equal(1, _rooms);
        Assert.False(stream.IsFull);
    }

    [Fact]
    public async Task Complete_HeldBack_WakesWithTheRestAndTheEnd()
    {
        TokenStream stream = Create(capacity: 10);
        await WakeOnceAsync(stream);
        ValueTask waiting = stream.WaitAsync();
        stream.Write(6);

        stream.Complete(GenerationEnd.TokenLimit);
        stream.Complete(GenerationEnd.Cancelled);

        await waiting;
        AssertRead([6], GenerationEnd.TokenLimit, stream);
        await stream.WaitAsync();
    }

    [Fact]
    public async Task Write_ReaderWantsAllAtTheEnd_WakesOnlyThen()
    {
        TokenStream stream = Create(capacity: null);
        ValueTask waiting = stream.WaitAsync();
        for (int token = 0; token < 1000; token++)
        {
            stream.Write(token);
            stream.Flush();
        }

        Assert.False(waiting.IsCompleted);
        Assert.False(stream.IsFull);
        stream.Complete(GenerationEnd.EndOfGeneration);

        await waiting;
        Assert.Equal(1000, Read(stream).Tokens.Count);
        Assert.Equal(1, _wakes);
    }

    private static void AssertRead(int[] tokens, GenerationEnd? end, TokenStream stream)
    {
        (List<int> actualTokens, GenerationEnd? actualEnd) = Read(stream);
        Assert.Equal(tokens, actualTokens);
        Assert.Equal(end, actualEnd);
    }

    private static (List<int> Tokens, GenerationEnd? End) Read(TokenStream stream)
    {
        var tokens = new List<int>();
        GenerationEnd? end = stream.Read(ref tokens);
        return (tokens, end);
    }

    private static async Task WakeOnceAsync(TokenStream stream)
    {
        ValueTask waiting = stream.WaitAsync();
        stream.Write(5);
        await waiting;
        Read(stream);
    }

    private TokenStream Create(int? capacity) => new(capacity, () => _rooms++, Wake, _time);

    private void Wake(Action reader)
    {
        _wakes++;
        reader();
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
