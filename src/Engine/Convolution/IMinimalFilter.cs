using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Convolution;

/// <summary>
/// A minimal filtering of three taps in one dimension, Y = Aᵀ[(G g) ⊙ (Bᵀ d)], a vector of channels at a time; applied along both dimensions
/// it makes a tile of outputs.
/// </summary>
internal unsafe interface IMinimalFilter
{
    /// <summary>Outputs m of a tile, 6 at most.</summary>
    static abstract int Outputs { get; }

    /// <summary>Products n of a tile, the points.</summary>
    static abstract int Points { get; }

    /// <summary>Points whose weights differ: all after the last of them share its weights.</summary>
    static abstract int DistinctPoints { get; }

    /// <summary>Inputs that a tile looks at.</summary>
    static abstract int Samples { get; }

    /// <summary>Inputs from a tile's first to that of the next.</summary>
    static abstract int Step { get; }

    /// <summary>Inputs of the first tile that lie before the picture's first: zeros.</summary>
    static abstract int Before { get; }

    /// <summary>G, [n][3].</summary>
    static abstract float[,] Taps { get; }

    /// <summary>Bᵀ: inputs at source, source + step, … → n values at target, target + targetStep, ….</summary>
    static abstract void Input<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct;

    /// <summary>Aᵀ: n products → m outputs; those beyond m are nothing.</summary>
    static abstract void Output<TOperations, TVector>(
        float* source, nint step, out TVector y0, out TVector y1, out TVector y2, out TVector y3, out TVector y4, out TVector y5)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct;
}

/// <summary>
/// A filtering whose weights' gradients come by the same products: dg = Gᵀ[(A dY) ⊙ (Bᵀ d)], summed over all tiles before Gᵀ.
/// </summary>
internal unsafe interface ITrainableFilter : IMinimalFilter
{
    /// <summary>A: m gradients of outputs at source, source + step, … → n values at target, target + targetStep, ….</summary>
    static abstract void Spread<TOperations, TVector>(float* source, nint step, float* target, nint targetStep)
        where TOperations : struct, IVectorOperations<TVector>
        where TVector : struct;
}
