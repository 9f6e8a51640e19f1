using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>Two 3×3 convolutions beside an identity: x + conv(rectifier(conv(x))).</summary>
internal sealed class ResidualPair : nn.Module<Tensor, Tensor>
{
    private readonly Convolution first;
    private readonly Convolution second;

    public ResidualPair(int width)
        : base("residual")
    {
        first = new(width, width, slope: GuidedNetwork.RectifierSlope);
        second = new(width, width, gain: 0.1); // close to the identity at first
        RegisterComponents();
    }

    /// <summary>Multiply-adds for each value of an output plane.</summary>
    public double MultiplyAdds => first.MultiplyAdds + second.MultiplyAdds;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return second.forward(first.forward(input)).PlusInPlace(input).MoveToOuterDisposeScope();
    }
}
