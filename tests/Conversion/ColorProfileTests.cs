using System.Buffers.Binary;
using System.IO.Compression;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Conversion.Tests;

/// <summary>ICC profiles, which say what the colours of pictures are.</summary>
public sealed class ColorProfileTests : IDisposable
{
    private static readonly byte[] Profile = MakeProfile();

    private readonly ClipFolder _folder = new();

    public ColorProfileTests()
    {
        FfmpegCommand.Run($"-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 4 {_folder["in-%02d.png"]}");
        for (int i = 1; i <= 4; i++)
        {
            AddProfile(_folder[$"in-{i:00}.png"]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_picture_of_a_sequence_keeps_it()
    {
        Convert("in-%02d.png", "out-%02d.png");

        for (int i = 1; i <= 8; i++)
        {
            Assert.Equal(Profile, ReadProfile(_folder[$"out-{i:00}.png"]));
        }
    }

    [Fact]
    public void An_animated_PNG_keeps_it()
    {
        Convert("in-%02d.png", "out.apng");

        Assert.Equal(Profile, ReadProfile(_folder["out.apng"]));
    }

    [Theory]
    [InlineData("mov")]
    [InlineData("mp4")]
    public void Videos_of_pictures_and_of_such_videos_keep_it(string extension)
    {
        Convert("in-%02d.png", $"first.{extension}");
        Convert($"first.{extension}", $"second.{extension}");

        foreach (string name in (string[])["first", "second"])
        {
            byte[] file = File.ReadAllBytes(_folder[$"{name}.{extension}"]);
            int place = file.AsSpan().IndexOf("colrprof"u8);
            Assert.True(place > 0, $"{name} has none");
            Assert.Equal(Profile, file.AsSpan(place + 8, Profile.Length).ToArray());
        }
    }

    [Fact]
    public void A_video_without_one_is_tagged_as_before()
    {
        FfmpegCommand.Run(
            "-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 4 -c:v libx264 -color_primaries bt709 -color_trc bt709 -colorspace bt709 "
            + _folder["in.mp4"]);

        Convert("in.mp4", "out.mov");

        byte[] file = File.ReadAllBytes(_folder["out.mov"]);
        Assert.True(file.AsSpan().IndexOf("colrnclc"u8) > 0 || file.AsSpan().IndexOf("colrnclx"u8) > 0);
        Assert.True(file.AsSpan().IndexOf("colrprof"u8) < 0);
    }

    private void Convert(string from, string to) => Converter.Run(
        _folder[from], _folder[to], new() { SceneCutDetection = false, PictureRate = from.EndsWith("png", StringComparison.Ordinal) ? new(25, 1) : null });

    // Nothing of it but its length, place of birth and kind is read on the way.
    private static byte[] MakeProfile()
    {
        byte[] profile = new byte[600];
        new Random(3).NextBytes(profile);
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        "mntrRGB "u8.CopyTo(profile.AsSpan(12));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        return profile;
    }

    // Behind the first chunk, which is the picture's header.
    private static void AddProfile(string path)
    {
        const int headerEnd = 33;
        byte[] png = File.ReadAllBytes(path);
        using MemoryStream packed = new();
        using (ZLibStream deflate = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Profile);
        }

        byte[] content = [.. "iCCPp"u8, 0, 0, .. packed.ToArray()];
        byte[] length = new byte[4], check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(content));
        File.WriteAllBytes(path, [.. png[..headerEnd], .. length, .. content, .. check, .. png[headerEnd..]]);
    }

    private static byte[] ReadProfile(string path)
    {
        byte[] png = File.ReadAllBytes(path);
        int chunk = png.AsSpan().IndexOf("iCCP"u8);
        Assert.True(chunk > 0, $"{path} has none");
        int start = chunk + 4 + png.AsSpan(chunk + 4).IndexOf((byte)0) + 2;
        int end = chunk + 4 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(chunk - 4));
        using ZLibStream inflate = new(new MemoryStream(png, start, end - start), CompressionMode.Decompress);
        using MemoryStream profile = new();
        inflate.CopyTo(profile);
        return profile.ToArray();
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
