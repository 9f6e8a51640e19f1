using AdaConv.Model;
using AdaConv.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>The nearest matrix of orthogonal rows or columns to a layer's momentum: the step of Muon (Jordan et al. 2024).</summary>
internal static class Orthogonalization
{
    private const int Iterations = 5;

    // Jordan's polynomial a x + b x³ + c x⁵: singular values come to lie between 0.7 and 1.2. Kept: see Model/Runtime/Scalars.
    private static readonly Scalar A = 3.4445.ToScalar(), B = (-4.7750).ToScalar(), C = 2.0315.ToScalar(), Tiny = 1e-12.ToScalar();

    /// <summary>
    /// U Vᵀ, nearly, of U Σ Vᵀ: by Newton and Schulz's iteration in bfloat16, or in float32 on processors without bfloat16 products, where
    /// libtorch multiplies such matrices number by number.
    /// </summary>
    /// <param name="moment">[O, I, h, w], taken as a matrix of O rows.</param>
    /// <returns>float32 in the shape and the memory order of <paramref name="moment"/>.</returns>
    public static Tensor Of(Tensor moment)
    {
        using IDisposable scope = NewDisposeScope();
        bool channelsLast = !moment.is_contiguous();
        Tensor dense = channelsLast ? moment.permute(0, 2, 3, 1) : moment;
        Tensor matrix = dense.reshape(moment.shape[0], -1);
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = tall ? matrix.t() : matrix;
        bool inBFloat16 = moment.device_type != DeviceType.CPU || TorchExecutor.HasFastBFloat16;
        x = (x / x.norm().add(Tiny)).to(inBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = x.matmul(x.t());
            x = x.mul(A).Plus(square.mul(B).Plus(square.matmul(square).mul(C)).matmul(x));
        }

        Tensor result = (tall ? x.t() : x).to(ScalarType.Float32).reshape(dense.shape).contiguous();
        return (channelsLast ? result.permute(0, 3, 1, 2) : result).MoveToOuterDisposeScope();
    }

    /// <summary>Factor on the step that gives its values about the size of Adam's: 0.2 √max(rows, columns) (Liu et al. 2025).</summary>
    public static float Share(Tensor moment) => 0.2f * MathF.Sqrt(Math.Max(moment.shape[0], moment.numel() / moment.shape[0]));
}
