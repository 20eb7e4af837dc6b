using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>XGrammar in a process of its own, over the same vocabulary and the same instances as tokens. See <c>benchmarks/peers/node</c>.</summary>
internal sealed class XGrammarJudge : IRowJudge, IDisposable
{
    public const string Title = "XGrammar (web 0.1.27)";

    private const string Timeout = "timeout";
    private const string Crash = "crash";

    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _vocabulary;
    private readonly List<MaskBenchRow> _warmUp;
    private readonly TimeSpan _limit;
    private Process? _process;

    private XGrammarJudge(Vocabulary vocabulary, IEnumerable<MaskBenchRow> warmUp, TimeSpan limit)
    {
        // Control tokens stand for no text.
        IEnumerable<string> tokens = Enumerable.Range(0, vocabulary.Count)
            .Select(token => vocabulary.IsText(token) ? ByteAlphabet.Write(vocabulary.GetBytes(token)) : "");
        _vocabulary = JsonSerializer.Serialize(new { tokens, end = vocabulary.EndOfGeneration[0] });
        _warmUp = [.. warmUp];
        _limit = limit;
    }

    private static string Folder => Path.Combine(BenchmarkOptions.RepositoryRoot, "benchmarks", "peers", "node");

    /// <summary>Starts the peer, or says why it cannot run.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="warmUp">Rows that run before those that count.</param>
    /// <param name="limit">The longest that it may take for a row; then the row counts as refused.</param>
    public static async Task<(XGrammarJudge? Peer, string? Reason)> StartAsync(Vocabulary vocabulary, IEnumerable<MaskBenchRow> warmUp, TimeSpan limit)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@mlc-ai", "web-xgrammar")))
        {
            return (null, "not installed: npm ci --ignore-scripts in benchmarks/peers/node");
        }

        if (vocabulary.EndOfGeneration.IsEmpty)
        {
            return (null, "the vocabulary has no token that ends a text");
        }

        var peer = new XGrammarJudge(vocabulary, warmUp, limit);
        try
        {
            return await peer.StartAsync() ? (peer, null) : (null, "it ended at once");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "node is not installed");
        }
    }

    public async Task<RowResult> JudgeAsync(MaskBenchRow row)
    {
        if (_process is null && !await StartAsync())
        {
            return new RowResult(row, 0, new RowError("not running", "node did not start again"));
        }

        return await AskAsync(row);
    }

    public void Dispose() => Stop();

    /// <summary>Starts the process and warms it up. Rows that end it are no more used for that.</summary>
    private async Task<bool> StartAsync()
    {
        while (await LaunchAsync())
        {
            int done = 0;
            while (done < _warmUp.Count && (await AskAsync(_warmUp[done])).Error?.Kind is not (Timeout or Crash))
            {
                done++;
            }

            if (done == _warmUp.Count)
            {
                return true;
            }

            _warmUp.RemoveAt(done);
        }

        return false;
    }

    private async Task<bool> LaunchAsync()
    {
        _process = Process.Start(new ProcessStartInfo("node", ["xgrammar.mjs"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = _utf8,
            StandardOutputEncoding = _utf8,
        })!;
        return (await ExchangeAsync(_vocabulary, _startLimit)).Answer is not null;
    }

    private async Task<RowResult> AskAsync(MaskBenchRow row)
    {
        long start = Stopwatch.GetTimestamp();
        string question = JsonSerializer.Serialize(new { schema = row.Schema, instances = row.Instances.Select(instance => instance.Tokens) });
        (string? answer, RowError? error) = await ExchangeAsync(question, _limit);
        return answer is null ? new RowResult(row, Stopwatch.GetElapsedTime(start).TotalMicroseconds, error) : XGrammarAnswer.Read(row, JsonElement.Parse(answer));
    }

    /// <summary>Asks a line; without an answer in time the process ends, since nothing else stops it.</summary>
    private async Task<(string? Answer, RowError? Error)> ExchangeAsync(string line, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process!.StandardInput.WriteLineAsync(line.AsMemory(), limit.Token);
            await _process.StandardInput.FlushAsync(limit.Token);
            if (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } answer)
            {
                return (answer, null);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Too late, or its process ended.
        }

        Stop();
        return (null, limit.IsCancellationRequested ? new RowError(Timeout, $"no answer within {within.TotalSeconds} s") : new RowError(Crash, "its process ended"));
    }

    private void Stop()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }

        _process?.Dispose();
        _process = null;
    }
}
