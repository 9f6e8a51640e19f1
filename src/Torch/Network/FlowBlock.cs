using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>One refinement of the motion: [N, 32, h, w] → [N, 32, h/4, w/4], of which channels 0–3 are flows and 4 is the mask.</summary>
internal sealed class FlowBlock : nn.Module<Tensor, Tensor>
{
    private readonly Convolution down0;
    private readonly Convolution down1;
    private readonly ModuleList<ResidualPair> body = new();
    private readonly Convolution last;

    public FlowBlock(int width, int residuals)
        : base("block")
    {
        int half = Math.Max(32, width / 2 / 32 * 32);
        down0 = new(GuidedNetwork.InputChannels, half, stride: 2, slope: GuidedNetwork.RectifierSlope);
        down1 = new(half, width, stride: 2, slope: GuidedNetwork.RectifierSlope);
        for (int i = 0; i < residuals; i++)
        {
            body.Add(new ResidualPair(width));
        }

        last = new(width, 32, gain: 0.05);
        RegisterComponents();
    }

    /// <summary>Multiply-adds for each pixel of the input.</summary>
    public double MultiplyAdds => down0.MultiplyAdds / 4 + (down1.MultiplyAdds + body.Sum(pair => pair.MultiplyAdds) + last.MultiplyAdds) / 16;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = down1.forward(down0.forward(input));
        foreach (ResidualPair residual in body)
        {
            x = residual.forward(x);
        }

        return last.forward(x).MoveToOuterDisposeScope();
    }
}
