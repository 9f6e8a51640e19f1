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
        return
        [
            .. Enumerable.Range(0, count).Select(frame => Enumerable.Range(0, wide ? size / 2 : size)
                .Select(i => wide ? BitConverter.ToUInt16(bytes, (frame * size) + (2 * i)) : (double)bytes[(frame * size) + i]).ToArray()),
        ];
    }
}
