using System.Globalization;
using System.Security.Cryptography;

namespace AdaConv.Media.Libav;

/// <summary>Identifies a file by its content, whatever its name: the length and a hash of samples of it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Hash">SHA-256, as hexadecimal digits.</param>
public sealed record ContentIdentity(long Length, string Hash)
{

    /// <summary>
    /// Looks at a file: the whole of it up to 4 MiB, else 64 blocks of 64 KiB, the first and the last among them, evenly apart. A change
    /// within a long file that moves nothing and misses every block is not seen.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ContentIdentity Of(string path) => Sample(path, blocks: 64, blockSize: 64 << 10);

    /// <summary>
    /// Looks at a file's length and ends: 16 KiB of each, where containers keep what tells one video from another. Two short readings, for where there
    /// are many files; a change between the ends that moves nothing is not seen.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ContentIdentity OfEnds(string path) => Sample(path, blocks: 2, blockSize: 16 << 10);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length}-{Hash}");

    private static ContentIdentity Sample(string path, int blocks, int blockSize)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        long length = file.Length;
        if (length <= (long)blocks * blockSize)
        {
            return new(length, Convert.ToHexStringLower(SHA256.HashData(file)));
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[blockSize];
        for (int i = 0; i < blocks; i++)
        {
            file.Position = (long)((Int128)(length - blockSize) * i / (blocks - 1));
            int read = file.ReadAtLeast(block, blockSize, throwOnEndOfStream: false);
            hash.AppendData(block, 0, read);
        }

        return new(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
