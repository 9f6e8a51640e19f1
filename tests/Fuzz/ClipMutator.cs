using System.Buffers.Binary;

namespace AdaConv.Fuzz;

/// <summary>Damages clips: their bytes in memory, their packets by the ffmpeg program.</summary>
/// <param name="seeds">Whole clips.</param>
/// <param name="changing">Clips whose format changes.</param>
/// <param name="folder">For what is put together.</param>
internal sealed class ClipMutator(string[] seeds, string[] changing, string folder)
{
    private static readonly string[] Containers = ["mkv", "mp4", "mov", "nut", "avi", "ts", "flv", "asf", "ogv", "mpg"];

    // ffmpeg's bitstream filter setts computes these for each packet.
    private static readonly string[] Times =
    [
        "pts=PTS+RANDOM*1000-500", "ts=if(lt(RANDOM\\,0.2)\\,RANDOM*1e12\\,TS)", "pts=9e18-PTS:dts=9e18-DTS", "pts=-9e18+PTS:dts=-9e18+DTS",
        "pts=NOPTS", "dts=NOPTS", "ts=0", "pts=PTS*1e9:dts=DTS*1e9", "pts=-PTS:dts=-DTS", "ts=if(gt(N\\,4)\\,TS+1e10\\,TS)",
        "ts=if(gt(N\\,4)\\,TS-1e10\\,TS)", "duration=2147483647", "duration=-5", "ts=TS+2147483648", "pts=DTS-5", "ts=if(eq(N\\,9)\\,TS+4e9\\,TS)",
    ];

    private static readonly string[] Losses = ["noise=drop=key", "noise=drop=key*gt(n\\,0)", "noise=drop=lt(n\\,3)", "noise=dropamount=2"];

    private static readonly uint[] Absurd = [0, 1, 7, 8, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 0x10000000];

    /// <summary>Makes a mutant; its extension is that of what it was made of.</summary>
    /// <param name="kind">A kind of damage to clips.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="name">The mutant's path without an extension.</param>
    /// <returns>Its path; null where ffmpeg does not write such a thing.</returns>
    public string? Make(Kind kind, Random random, string name)
    {
        string seed = Pick(random, seeds);
        return kind switch
        {
            Kind.Timestamps => Packets(
                random, seed, name, "setts=" + Pick(random, Times).Replace("RANDOM", $"random({random.Next(10)})", StringComparison.Ordinal)),
            Kind.PacketNoise => Packets(random, seed, name, $"noise=amount={random.Next(1, 2000)}"),
            Kind.NoKeyFrames => Packets(random, seed, name, Pick(random, Losses)),
            Kind.EarlyEnd => EarlyEnd(random, seed, name),
            Kind.FormatChange => FormatChange(random, name),
            _ => Bytes(kind, random, seed, name),
        };
    }

    /// <summary>Flips bits of a file, or cuts it off.</summary>
    public static void Damage(string path, Random random)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : Flip(bytes, random));
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    private static string? Packets(Random random, string seed, string name, string filter)
    {
        string container = random.Next(3) == 0 ? Path.GetExtension(seed)[1..] : Pick(random, Containers);
        string path = $"{name}.{container}";
        string streams = random.Next(2) == 0 ? "-bsf" : "-bsf:v";

        // A file of which only a part could be written is a mutant, too.
        _ = Ffmpeg.Run("-i", seed, "-map", "0", "-c", "copy", streams, filter, "-strict", "experimental", "-fs", "4M", path);
        return File.Exists(path) && new FileInfo(path).Length > 0 ? path : null;
    }

    private static string? EarlyEnd(Random random, string seed, string name)
    {
        string path = $"{name}.{Pick(random, Containers)}";
        string picture = random.Next(2) == 0 ? "0.12" : "9", sound = picture == "9" ? "0.08" : "9";
        _ = Ffmpeg.Run("-t", picture, "-i", seed, "-t", sound, "-f", "lavfi", "-i", "sine=duration=3", "-map", "0:v", "-map", "1:a", "-c:v", "copy",
            "-strict", "experimental", "-fs", "4M", path);
        return File.Exists(path) && new FileInfo(path).Length > 0 ? path : null;
    }

    private string? FormatChange(Random random, string name)
    {
        string seed = Pick(random, changing);
        if (random.Next(3) == 0)
        {
            return Write(name, seed, Flip(File.ReadAllBytes(seed), random));
        }

        string path = $"{name}.{Pick(random, Containers)}";
        string joined = Path.Combine(folder, "joined" + Path.GetExtension(seed));
        byte[] bytes = File.ReadAllBytes(seed);
        File.WriteAllBytes(joined, random.Next(2) == 0 ? bytes : [.. bytes, .. bytes]);
        _ = Ffmpeg.Run("-i", joined, "-c", "copy", "-fs", "4M", path);
        return File.Exists(path) && new FileInfo(path).Length > 0 ? path : null;
    }

    private string Bytes(Kind kind, Random random, string seed, string name)
    {
        byte[] bytes = File.ReadAllBytes(seed);
        int[] borders = Borders.Of(bytes);
        bytes = kind switch
        {
            Kind.BitFlips => Flip(bytes, random),
            Kind.Truncation => bytes[..Math.Clamp(Border(borders, bytes, random) + random.Next(-1, 2), 1, bytes.Length)],
            Kind.SplicedHeader => Splice(bytes, borders, random),
            Kind.SwappedParts => Swap(bytes, borders, random),
            Kind.Sizes => Resize(bytes, borders, random),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return Write(name, seed, bytes);
    }

    private static string Write(string name, string seed, byte[] bytes)
    {
        string path = name + Path.GetExtension(seed);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        for (int count = 1 << random.Next(8); count > 0; count--)
        {
            int near = random.Next(Math.Min(2000, bytes.Length));
            int at = random.Next(4) switch { 0 => near, 1 => bytes.Length - 1 - near, _ => random.Next(bytes.Length) };
            bytes[at] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static int Border(int[] borders, byte[] bytes, Random random) =>
        borders.Length > 0 && random.Next(5) > 0 ? Pick(random, borders) : random.Next(bytes.Length);

    private byte[] Splice(byte[] bytes, int[] borders, Random random)
    {
        byte[] other = File.ReadAllBytes(Pick(random, seeds));
        int head = Border(Borders.Of(other), other, random), tail = Border(borders, bytes, random);
        return [.. other[..head], .. bytes[tail..]];
    }

    private static byte[] Swap(byte[] bytes, int[] borders, Random random)
    {
        int[] cuts = [0, .. Enumerable.Range(0, 4).Select(_ => Border(borders, bytes, random)), bytes.Length];
        Array.Sort(cuts);
        byte[][] parts = [.. Enumerable.Range(0, 5).Select(i => bytes[cuts[i]..cuts[i + 1]])];
        return random.Next(3) switch
        {
            0 => [.. parts[0], .. parts[3], .. parts[2], .. parts[1], .. parts[4]],
            1 => [.. parts[0], .. parts[1], .. parts[1], .. parts[2], .. parts[3], .. parts[4]],
            _ => [.. parts[0], .. parts[2], .. parts[4]],
        };
    }

    private static byte[] Resize(byte[] bytes, int[] borders, Random random)
    {
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int at = Math.Clamp(Border(borders, bytes, random) + (random.Next(2) * random.Next(0, 48)), 0, Math.Max(0, bytes.Length - 4));
            if (bytes.Length < 4)
            {
                break;
            }

            uint size = Pick(random, Absurd);
            switch (random.Next(4))
            {
                case 0:
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), size);
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), size);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)size);
                    break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)size);
                    break;
            }
        }

        return bytes;
    }
}
