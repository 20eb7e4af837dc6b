using LlamaProvider.LLamaSharp.Compare;

// compare NATIVES OWN-NATIVES [--quick] [--json FILE] [--model FILE.gguf]... [--threads N]
// Each runtime is a process of its own, since two releases of llama.cpp in one would share the library libggml-base.
return args switch
{
    ["serve", string runtime, string natives, string model, string threads] => RuntimeServer.Run(runtime, natives, model, threads),
    [string sharp, string own, .. string[] rest] => await RuntimeComparison.RunAsync(sharp, own, rest),
    _ => throw new ArgumentException("Name the folder of LLamaSharp's natives, that of this project's, and then any of [--quick] [--json FILE] [--model FILE.gguf] [--threads N]."),
};
