using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlamaProvider.Native;

/// <summary>
/// A hash that tells model files apart without reading gigabytes: the length, the beginning (metadata and tensor table) and evenly spaced samples.
/// </summary>
internal static class ModelFingerprint
{
    public const int Size = 32;
    private const int HeadBytes = 1 << 20;
    private const int SampleBytes = 4096;
    private const int Samples = 16;

    public static byte[] Compute(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[HeadBytes];
        BinaryPrimitives.WriteInt64LittleEndian(buffer, file.Length);
        hash.AppendData(buffer, 0, sizeof(long));
        Append(0, HeadBytes);
        for (int sample = 1; sample <= Samples; sample++)
        {
            Append(Math.Max(0, file.Length * sample / Samples - SampleBytes), SampleBytes);
        }

        return hash.GetHashAndReset();

        void Append(long offset, int length)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(0, length), offset);
            hash.AppendData(buffer, 0, read);
        }
    }
}
