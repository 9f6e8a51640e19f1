using AdaConv.LibAv;

namespace FFmpeg.AutoGen;

/// <summary>Byte offsets of the fields that FFmpeg's releases put in different places: those of the FFmpeg in use.</summary>
internal static partial class Layout
{
    /// <summary>The offset in the FFmpeg in use, out of those in all of <see cref="LibAvRelease.Supported"/>.</summary>
    private static int Pick(params ReadOnlySpan<int> offsets) => offsets[InUse.Column];

    // Apart from the offsets, because fields of one class in two files have no defined order of initialization.
    private static class InUse
    {
        internal static readonly int Column = LibAvRelease.Supported.ToList().IndexOf(LibAvLibraries.Loaded.Release);
    }
}
