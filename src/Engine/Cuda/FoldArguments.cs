using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>adaconv_fold_args of native/adaconv_kernels.h, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FoldArguments
{
    public nint Full, Maps;
    public long FullStride, MapStride;
    public int Batch, Taps, Height, Width;
}
