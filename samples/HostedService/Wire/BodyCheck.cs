using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using HostedService.Errors;

namespace HostedService.Wire;

/// <summary>Finds what would stop a reader anywhere in a body: bytes that are no UTF-8, text that is no JSON, and escapes that are no characters.</summary>
internal static class BodyCheck
{
    /// <exception cref="ApiException">There is such a thing.</exception>
    public static void Require(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new ApiException(ApiErrors.MalformedBody(
                string.Create(CultureInfo.InvariantCulture, $"The request's body is not UTF-8: the byte at offset {FirstInvalid(body)} begins no character. Encode it as UTF-8.")));
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (JsonException error)
        {
            throw new ApiException(ApiErrors.MalformedBody(string.Create(
                CultureInfo.InvariantCulture,
                $"The request's body is no JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}. Send a JSON object.")));
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiErrors.MalformedBody(string.Create(
                CultureInfo.InvariantCulture,
                $"The string at offset {reader.TokenStartIndex} of the request's body has an escape that is half a character (a surrogate alone). Send both halves, or the character itself.")));
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        int at = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[at..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
