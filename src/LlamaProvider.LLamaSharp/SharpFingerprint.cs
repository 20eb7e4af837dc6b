using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.LLamaSharp;

/// <summary>A hash that tells models apart without their file: size, metadata and vocabulary.</summary>
internal static class SharpFingerprint
{
    public static byte[] Compute(ILanguageModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(Encoding.UTF8.GetBytes($"LLamaSharp {model.Description.ParameterCount} {model.Description.ByteCount}"));
        foreach ((string key, string value) in model.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(Encoding.UTF8.GetBytes(key));
            Append(Encoding.UTF8.GetBytes(value));
        }

        for (int token = 0; token < model.Vocabulary.Count; token++)
        {
            Append(model.Vocabulary.GetBytes(token));
        }

        return hash.GetHashAndReset();

        // With its length, so that what ends one part cannot begin the next.
        void Append(ReadOnlySpan<byte> part)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }
    }
}
