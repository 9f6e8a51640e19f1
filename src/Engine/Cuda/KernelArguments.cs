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

/// <summary>adaconv_fold_args of native/adaconv_kernels.h, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FoldArguments
{
    public nint Full, Maps;
    public long FullStride, MapStride;
    public int Batch, Taps, Height, Width;
}

/// <summary>adaconv_warp_args of native/adaconv_kernels.h, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WarpArguments
{
    public nint Image, Flow, Output, GradOutput, GradImage, GradFlow;
    public long ImageStride, FlowStride, OutputStride, GradOutputStride, GradImageStride, GradFlowStride;
    public int Batch, Planes, Height, Width;
    public float Far;
}
