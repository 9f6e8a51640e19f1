using System.Runtime.InteropServices;

namespace AdaConv.Engine.Cuda;

/// <summary>adaconv_warp_args of native/adaconv_kernels.h, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WarpArguments
{
    public nint Image, Flow, Output, GradOutput, GradImage, GradFlow;
    public long ImageStride, FlowStride, OutputStride, GradOutputStride, GradImageStride, GradFlowStride;
    public int Batch, Planes, Height, Width;
}
