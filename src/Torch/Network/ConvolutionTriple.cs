using static TorchSharp.torch;

namespace AdaConv.Torch;

/// <summary>The paper's level: three 3×3 convolutions, each with ReLU.</summary>
internal sealed class ConvolutionTriple : nn.Module<Tensor, Tensor>
{
    private readonly Convolution first;
    private readonly Convolution second;
    private readonly Convolution third;

    public ConvolutionTriple(int inputs, int outputs)
        : base("triple")
    {
        first = new(inputs, outputs, slope: 0);
        second = new(outputs, outputs, slope: 0);
        third = new(outputs, outputs, slope: 0);
        RegisterComponents();
    }

    /// <summary>Multiply-adds for each value of an output plane.</summary>
    public double MultiplyAdds => first.MultiplyAdds + second.MultiplyAdds + third.MultiplyAdds;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => third.forward(second.forward(first.forward(input)));
}
