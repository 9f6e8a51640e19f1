using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// A minimal filtering of three taps in one dimension, Y = Aᵀ[(G g) ⊙ (Bᵀ d)], a vector of channels at a time; applied along both dimensions
/// it makes a tile of outputs.
/// </summary>
internal unsafe interface IMinimalFilter
{
    /// <summary>Outputs m of a tile, 4 at most.</summary>
    static abstract int Outputs { get; }

    /// <summary>Inputs, and products, n of a tile.</summary>
    static abstract int Points { get; }

    /// <summary>Inputs from an output to the next.</summary>
    static abstract int Stride { get; }

    /// <summary>G, [n][3].</summary>
    static abstract double[,] Taps { get; }

    /// <summary>Bᵀ: n inputs at source, source + step, … → n values at target, target + targetStep, ….</summary>
    static abstract void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct;

    /// <summary>Aᵀ: n products → m outputs; those beyond m are nothing.</summary>
    static abstract void Output<TOperations, TVector>(float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct;
}
