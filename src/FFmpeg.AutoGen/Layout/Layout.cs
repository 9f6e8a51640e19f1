using AdaConv.LibAv;

namespace FFmpeg.AutoGen;

internal static partial class Layout
{
    // Must stand before the fields of Layout.g.cs in no order at all: it is a call, not a field.
    private static int Pick(int inFFmpeg5, int inFFmpeg7, int inFFmpeg9) => LibAvLibraries.Loaded.Release.AvUtil switch
    {
        57 => inFFmpeg5,
        59 => inFFmpeg7,
        _ => inFFmpeg9,
    };
}
