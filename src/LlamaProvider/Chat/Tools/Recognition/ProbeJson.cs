using System.Text.Json.Serialization;

namespace LlamaProvider.Chat.Tools.Recognition;

[JsonSerializable(typeof(string))]
internal sealed partial class ProbeJson : JsonSerializerContext;
