using LlamaProvider.Benchmarks.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Native;
using LlamaProvider.Native.Loading;

NativeRuntime.EnsureLoaded(null);
string schemas = args[0];
string vocabulary = args[1];
string? only = args.Length > 2 ? args[2] : null;
using LlamaCppModel model = LlamaCppModel.Load(vocabulary, new LlamaCppModelOptions(), progress: null, CancellationToken.None);
var run = new MaskRun(model, new JsonSchemaOptions { PropertyOrder = JsonPropertyOrder.Any });
var times = new MaskTimes();
var slow = new List<(string Id, double First, double Max, double Sum)>();
var results = new List<MaskRunResult>();
foreach (MaskBenchRow row in MaskBenchRow.ReadAll(schemas))
{
    if (only is not null && !row.Id.Contains(only, StringComparison.Ordinal)) continue;
    try {
    int n0 = times.FirstMask.Count, m0 = times.Mask.Count;
    long t0 = System.Diagnostics.Stopwatch.GetTimestamp();
    results.Add(run.Run(row, times));
    double ms = System.Diagnostics.Stopwatch.GetElapsedTime(t0).TotalMilliseconds;
    slow.Add((row.Id, times.FirstMask.Count > n0 ? times.FirstMask[^1] : times.Refusal[^1], times.Mask.Skip(m0).DefaultIfEmpty(0).Max(), times.Mask.Skip(m0).Sum()));
    if (ms > 1500) Console.WriteLine($"SLOW {row.Id} {ms:0} ms size {row.Schema.Length}");
    } catch (Exception e) when (e is not OutOfMemoryException) { Console.WriteLine($"CRASH {row.Id} {e}"); }
}
static double P(List<double> v, double p) { if (v.Count==0) return 0; var s = v.Order().ToArray(); return s[Math.Min(s.Length-1,(int)(s.Length*p))]; }
Console.WriteLine($"rows {results.Count} passed {results.Count(r=>r.Passed)} errors {results.Count(r=>r.Error is not null)} rejected {results.Count(r=>r.ValidRejected.Count>0)} accepted {results.Count(r=>r.InvalidAccepted.Count>0)}");
Console.WriteLine($"valid rejected {results.Sum(r=>r.ValidRejected.Count)} invalid accepted {results.Sum(r=>r.InvalidAccepted.Count)}");
Console.WriteLine($"ttfm p50 {P(times.FirstMask,.5):0} p99 {P(times.FirstMask,.99):0} max {P(times.FirstMask,1):0}; mask mean {times.Mask.DefaultIfEmpty(0).Average():0.00} p50 {P(times.Mask,.5):0.00} p99 {P(times.Mask,.99):0.0} max {P(times.Mask,1):0} n {times.Mask.Count} refusal max {P(times.Refusal,1):0}");
foreach (var g in results.Where(r=>r.Error is not null).GroupBy(r=> r.Error is JsonSchemaNotSupportedException n ? n.Keyword : r.Error!.GetType().Name).OrderByDescending(g=>g.Count())) Console.WriteLine($"  {g.Count()} {g.Key}: {g.First().Id} {g.First().Error!.Message[..Math.Min(250,g.First().Error!.Message.Length)]}");
foreach (var r in results.Where(r=>r.InvalidAccepted.Count>0).Take(only is null ? 40 : 1000)) Console.WriteLine($"ACC {r.Id}: {r.InvalidAccepted[0][..Math.Min(200,r.InvalidAccepted[0].Length)]}");
foreach (var r in results.Where(r=>r.ValidRejected.Count>0).Take(only is null ? 60 : 1000)) { var s=r.ValidRejected[0]; Console.WriteLine($"REJ {r.Id}: {(s.Length>220? s[^220..]:s)}"); }

foreach (var r in slow.OrderByDescending(r => r.First).Take(25)) Console.WriteLine($"FIRST {r.Id} {r.First/1000:0.0} ms");
foreach (var r in slow.OrderByDescending(r => r.Max).Take(25)) Console.WriteLine($"MAX {r.Id} {r.Max/1000:0.0} ms");
foreach (var r in slow.OrderByDescending(r => r.Sum).Take(25)) Console.WriteLine($"SUM {r.Id} {r.Sum/1000:0.0} ms");
foreach (double p in new[]{.9,.95,.98,.99,.995,.999}) Console.WriteLine($"P{p} first {P(times.FirstMask,p):0} mask {P(times.Mask,p):0.0}");

