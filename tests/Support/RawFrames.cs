using System.Buffers.Binary;
using AdaConv.Tests.Support;
using Xunit;

namespace AdaConv.Tests.Support;

/// <summary>Decoded frames as code values.</summary>
public static class RawFrames
{
    /// <summary>All frames of a video, all planes one after the other.</summary>
    public static double[][] Read(string file, string pixelFormat, int count, bool wide)
    {
        string raw = file + ".raw";
        FfmpegCommand.Run($"-i '{file}' -map 0:v:0 -fps_mode passthrough -pix_fmt {pixelFormat} -f rawvideo '{raw}'");
        byte[] bytes = File.ReadAllBytes(raw);
        File.Delete(raw);
        Assert.Equal(0, bytes.Length % count);
        int size = bytes.Length / count;
        double[][] frames = new double[count][];
        for (int frame = 0; frame < count; frame++)
        {
            ReadOnlySpan<byte> codes = bytes.AsSpan(frame * size, size);
            double[] values = frames[frame] = new double[wide ? size / 2 : size];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = wide ? BinaryPrimitives.ReadUInt16LittleEndian(codes[(2 * i)..]) : codes[i];
            }
        }

        return frames;
    }
}
