using System.Text.Json;

namespace HostedService.Wire;

/// <summary>A part of a message's content. Only text is taken; the others are read so that the error can name them.</summary>
internal sealed class ContentPart
{
    public string? Type { get; set; }

    public string? Text { get; set; }

    public string? Refusal { get; set; }

    public JsonElement? ImageUrl { get; set; }

    public JsonElement? InputAudio { get; set; }

    public JsonElement? File { get; set; }
}
