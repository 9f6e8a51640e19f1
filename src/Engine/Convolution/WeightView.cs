namespace AdaConv.Engine.Convolution;

/// <summary>The weights of a 3×3 convolution, or their gradients, in memory that somebody else owns; in any order.</summary>
/// <param name="Data">The weight of the first output, first input, top row, left column.</param>
/// <param name="Output">Floats from an output's weights to the next one's.</param>
/// <param name="Input">Floats from an input's weights to the next one's.</param>
/// <param name="Row">Floats from a row of the window to the next.</param>
/// <param name="Column">Floats from a column of the window to the next.</param>
public readonly unsafe record struct WeightView(nint Data, nint Output, nint Input, nint Row, nint Column)
{
    /// <summary>Weights as [outputs][inputs][3][3].</summary>
    public static WeightView Planar(float* data, int inputs) => new((nint)data, 9 * inputs, 9, 3, 1);

    /// <summary>Weights as [outputs][3][3][inputs].</summary>
    public static WeightView ChannelsLast(float* data, int inputs) => new((nint)data, 9 * inputs, 1, 3 * inputs, inputs);

    /// <summary>One weight.</summary>
    public float* At(int output, int input, int row, int column) =>
        (float*)Data + output * Output + input * Input + row * Row + column * Column;

    /// <summary>Copies to [outputs][inputs][3][3].</summary>
    internal void CopyTo(Span<float> target, int inputs)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = *At(i / 9 / inputs, i / 9 % inputs, i % 9 / 3, i % 3);
    }

    /// <summary>The same memory as the input's gradients see it: inputs and outputs change places, the window is turned by half a turn.</summary>
    internal WeightView Turned => new((nint)At(0, 0, 2, 2), Input, Output, -Row, -Column);
}
