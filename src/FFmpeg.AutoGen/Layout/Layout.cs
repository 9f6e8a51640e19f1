using System.Diagnostics;
using AdaConv.LibAv;

namespace FFmpeg.AutoGen;

/// <summary>Byte offsets of the fields that FFmpeg's majors put in different places: those of the FFmpeg in use.</summary>
internal static partial class Layout
{
    private static int Pick(int inFFmpeg5, int inFFmpeg7, int inFFmpeg9) => LibAvLibraries.Loaded.Release.AvUtil switch
    {
        57 => inFFmpeg5,
        59 => inFFmpeg7,
        61 => inFFmpeg9,
        _ => throw new UnreachableException(), // the loader takes no other
    };
}
