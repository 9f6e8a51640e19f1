using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>adaconv_separable_args of native/adaconv_kernels.h, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SeparableArguments
{
    public nint Image, Vertical, Horizontal, Output, GradOutput, GradImage, GradVertical, GradHorizontal, Divisor;
    public long ImageStride, TapStride, OutputStride, GradOutputStride, GradImageStride, GradTapStride;
    public int Batch, Planes, Height, Width, Taps, TapScale, Normalize, Reserved;
}
