using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Model;

/// <summary>The paper's kernel estimator: [N, 64, H/2, W/2] → K taps at full resolution [N, K, H, W] float32.</summary>
internal sealed class KernelHead : nn.Module<Tensor, Tensor>
{
    private readonly Convolution first;  // 64-64
    private readonly Convolution second; // 64-64
    private readonly Convolution third;  // 64-K
    private readonly Convolution last;   // K-K at full resolution, no ReLU
    private readonly int _kernelSize;

    public KernelHead(int width, int kernelSize)
        : base("head")
    {
        first = new(width, width, slope: 0);
        second = new(width, width, slope: 0);
        third = new(width, kernelSize, slope: 0);
        last = new(kernelSize, kernelSize);
        _kernelSize = kernelSize;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = third.forward(second.forward(first.forward(input)));
        x = nn.functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true);
        return last.forward(x).slice(1, 0, _kernelSize, 1).to(ScalarType.Float32);
    }
}
