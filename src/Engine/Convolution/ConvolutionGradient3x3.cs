using System.Runtime.Intrinsics;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>The gradients of a <see cref="Convolution3x3"/>: of its input, its weights and its bias, by minimal filtering like the
/// convolution itself.</summary>
/// <remarks>Results have the same bits for every number of threads. Instances may be used by several threads at once.</remarks>
public abstract unsafe class ConvolutionGradient3x3 : IDisposable
{
    private protected ConvolutionGradient3x3(ConvolutionShape shape) => Shape = shape;

    /// <summary>The convolution's shape.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>Makes the gradients of a convolution.</summary>
    /// <param name="shape">The convolution's shape.</param>
    /// <param name="level">The kernel level; see <see cref="EngineOptions.ResolveLevel"/>.</param>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static ConvolutionGradient3x3 Create(ConvolutionShape shape, KernelLevel level)
    {
        shape.Check();
        return level switch
        {
            KernelLevel.Vector512 => Create<Operations512, Vector512<float>>(shape),
            KernelLevel.Vector256 => Create<Operations256, Vector256<float>>(shape),
            KernelLevel.Vector128 => Create<Operations128, Vector128<float>>(shape),
            _ => new ScalarGradient(shape),
        };
    }

    /// <summary>Packs the weights that <see cref="OfInput"/> uses; not while it runs.</summary>
    /// <param name="weights">Of the shape's inputs and outputs, as the convolution takes them.</param>
    /// <param name="threads">Threads at most.</param>
    public void SetWeights(WeightView weights, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Replace(weights, threads);
    }

    /// <summary>Floats of working memory that <see cref="OfResult"/> and <see cref="OfWeights"/> take for outputs of such a size.</summary>
    public abstract long WorkspaceFloats(int pictures, int outputHeight, int outputWidth);

    /// <summary>The gradient before the rectifier, and the bias's: target = output &gt; 0 ? gradient : slope·gradient; bias = Σ target over
    /// all pixels.</summary>
    /// <param name="output">The convolution's output, without anything added; not looked at where the slope is 1.</param>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="target">Written; may be the gradient itself, and is not written where the slope is 1.</param>
    /// <param name="bias">[outputs], written.</param>
    /// <param name="workspace">See <see cref="WorkspaceFloats"/>.</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public void OfResult(ActivationView output, ActivationView gradient, ActivationView target, Span<float> bias, float* workspace, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Check(gradient.HasSizeOf(output) && target.HasSizeOf(output) && output.Channels == Shape.Outputs && gradient.Channels == Shape.Outputs
            && target.Channels == Shape.Outputs && bias.Length == Shape.Outputs, output, gradient);
        Result(output, gradient, target, bias, workspace, threads);
    }

    /// <summary>The gradient of the input.</summary>
    /// <param name="gradient">The gradient before bias and rectifier; see <see cref="OfResult"/>.</param>
    /// <param name="target">Written; the convolution's input size, channels: the shape's inputs.</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public void OfInput(ActivationView gradient, ActivationView target, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Check(Fits(target, gradient) && target.Channels == Shape.Inputs, target, gradient);
        Input(gradient, target, threads);
    }

    /// <summary>The gradients of the weights.</summary>
    /// <param name="input">What the convolution was given.</param>
    /// <param name="gradient">The gradient before bias and rectifier; see <see cref="OfResult"/>.</param>
    /// <param name="target">Written.</param>
    /// <param name="workspace">See <see cref="WorkspaceFloats"/>.</param>
    /// <param name="threads">Threads at most.</param>
    /// <exception cref="ArgumentException">Sizes or channels do not fit together.</exception>
    public void OfWeights(ActivationView input, ActivationView gradient, WeightView target, float* workspace, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentOutOfRangeException.ThrowIfZero(target.Data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Check(Fits(input, gradient) && input.Channels >= Shape.Inputs, input, gradient);
        Weights(input, gradient, target, workspace, threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the packed weights.</summary>
    protected abstract void Dispose(bool disposing);

    private protected abstract void Replace(WeightView weights, int threads);

    private protected abstract void Result(
        ActivationView output, ActivationView gradient, ActivationView target, Span<float> bias, float* workspace, int threads);

    private protected abstract void Input(ActivationView gradient, ActivationView target, int threads);

    private protected abstract void Weights(ActivationView input, ActivationView gradient, WeightView target, float* workspace, int threads);

    private bool Fits(ActivationView input, ActivationView gradient) =>
        gradient.Channels == Shape.Outputs && gradient.Pictures == input.Pictures
        && gradient.Height == Shape.OutputSize(input.Height) && gradient.Width == Shape.OutputSize(input.Width);

    private void Check(bool fits, ActivationView input, ActivationView output)
    {
        if (!fits)
        {
            throw new ArgumentException(
                $"The gradients of a convolution of {Shape.Inputs} to {Shape.Outputs} channels, stride {Shape.Stride}, do not fit {input} and {output}.");
        }
    }

    private static ConvolutionGradient3x3 Create<TOperations, TVector>(ConvolutionShape shape)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct =>
        shape.Stride == 2 ? new WinogradGradient<TOperations, TVector, MinimalFilterStride2, MinimalFilterInterleaved>(shape)
            : Convolution3x3.TakesLargeTiles(shape) ? new WinogradGradient<TOperations, TVector, MinimalFilter43, MinimalFilter63>(shape)
            : new WinogradGradient<TOperations, TVector, MinimalFilter43, MinimalFilter43>(shape);

    private sealed class ScalarGradient(ConvolutionShape shape) : ConvolutionGradient3x3(shape)
    {
        private readonly float[] weights = new float[9 * shape.Inputs * shape.Outputs];

        public override long WorkspaceFloats(int pictures, int outputHeight, int outputWidth) => 1;

        protected override void Dispose(bool disposing)
        {
        }

        private protected override void Replace(WeightView weights, int threads) => weights.CopyTo(this.weights, Shape.Inputs);

        private protected override void Result(
            ActivationView output, ActivationView gradient, ActivationView target, Span<float> bias, float* workspace, int threads) =>
            ConvolutionGradientReference.Result(Shape.Slope, output, gradient, target, bias);

        private protected override void Input(ActivationView gradient, ActivationView target, int threads) =>
            ConvolutionGradientReference.Input(Shape, weights, gradient, target);

        private protected override void Weights(ActivationView input, ActivationView gradient, WeightView target, float* workspace, int threads) =>
            ConvolutionGradientReference.Weights(Shape, input, gradient, target);
    }
}
