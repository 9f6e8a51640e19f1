namespace AdaConv.Engine.Convolution;

/// <summary>A 3×3 convolution with bias, padded with one pixel of zeros.</summary>
/// <param name="Inputs">Channels I that it reads.</param>
/// <param name="Outputs">Channels O that it writes.</param>
/// <param name="Stride">1, or 2 for an output of half the size, rounded up.</param>
/// <param name="Slope">Factor on negative results: 0 for a rectifier, between 0 and 1 for a leaky one, 1 for none.</param>
public readonly record struct ConvolutionShape(int Inputs, int Outputs, int Stride = 1, float Slope = 1)
{
    /// <summary>Rows or columns of the output for so many of the input.</summary>
    public int OutputSize(int inputSize) => (inputSize + Stride - 1) / Stride;

    /// <summary>The first row of the input that a row of the output looks at, or one that lies above it.</summary>
    public int FirstRow(int row) => row * Stride - 1;

    /// <summary>The last row of the input that a row of the output looks at, or one that lies below it.</summary>
    public int LastRow(int row) => row * Stride + 1;

    /// <summary>
    /// Multiply-adds of the direct convolution: 9·I·O for each pixel of the output. Twice that are the effective operations, by which kernels are compared
    /// whatever they really compute.
    /// </summary>
    public double MultiplyAdds(int inputHeight, int inputWidth) =>
        9.0 * Inputs * Outputs * OutputSize(inputHeight) * OutputSize(inputWidth);

    internal void Check(int weights, int bias)
    {
        Check();
        if (weights != 9L * Inputs * Outputs || bias != Outputs)
            throw new ArgumentException(
                $"{Inputs} to {Outputs} channels take {9L * Inputs * Outputs} weights and {Outputs} offsets, not {weights} and {bias}.");
    }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Outputs);
        if (Stride is not (1 or 2))
            throw new ArgumentException($"The stride is 1 or 2, not {Stride}.");
        if (Slope is not (>= 0 and <= 1))
            throw new ArgumentException($"The slope lies between 0 and 1; {Slope} does not.");
    }
}
