using System.Globalization;
using System.Security.Cryptography;

namespace AdaConv.Media.Libav;

/// <summary>Identifies a file by its content, whatever its name: the length and a hash of samples of it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Hash">SHA-256, as hexadecimal digits.</param>
public sealed record ContentIdentity(long Length, string Hash)
{
    private const int BlockSize = 64 << 10;
    private const int Blocks = 64;

    /// <summary>
    /// Looks at a file: the whole of it up to 4 MiB, else 64 blocks of 64 KiB, the first and the last among them, evenly apart. A change
    /// within a long file that moves nothing and misses every block is not seen.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ContentIdentity Of(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = file.Length;
        if (length <= (long)Blocks * BlockSize)
        {
            return new(length, Convert.ToHexStringLower(SHA256.HashData(file)));
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[BlockSize];
        for (int i = 0; i < Blocks; i++)
        {
            file.Position = (long)((Int128)(length - BlockSize) * i / (Blocks - 1));
            int read = file.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false);
            hash.AppendData(block, 0, read);
        }

        return new(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length}-{Hash}");
}
