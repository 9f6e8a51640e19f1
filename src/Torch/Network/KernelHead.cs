using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The paper's kernel estimator: [N, 64, H/2, W/2] → taps at full resolution [N, K rounded up to a multiple of 32, H, W].</summary>
internal sealed class KernelHead : nn.Module<Tensor, Tensor>
{
    private readonly Convolution first;  // 64-64
    private readonly Convolution second; // 64-64
    private readonly Convolution third;  // 64-K
    private readonly Convolution last;   // K-K at full resolution, no ReLU

    public KernelHead(int width, int kernelSize)
        : base("head")
    {
        first = new(width, width, slope: 0);
        second = new(width, width, slope: 0);
        third = new(width, kernelSize, slope: 0);
        last = new(kernelSize, kernelSize, gain: 0.05);
        last.SetBias(NarrowGaussian(kernelSize));
        RegisterComponents();
    }

    /// <summary>Fresh taps: a narrow Gaussian (σ = 0.5 pixel) of sum one, so that training starts from averaging and no sum is near zero.</summary>
    public static float[] NarrowGaussian(int kernelSize)
    {
        double[] kernel = [.. Enumerable.Range(0, kernelSize).Select(i => Math.Exp(-2.0 * Math.Pow(i - kernelSize / 2, 2)))];
        return [.. kernel.Select(tap => (float)(tap / kernel.Sum()))];
    }

    /// <summary>Multiply-adds for each pixel of the result.</summary>
    public double MultiplyAdds => (first.MultiplyAdds + second.MultiplyAdds + third.MultiplyAdds) / 4 + last.MultiplyAdds;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = third.forward(second.forward(first.forward(input)));
        x = nn.functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true);
        return last.forward(x);
    }
}
