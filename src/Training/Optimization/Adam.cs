using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaConv.Training.Optimization;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), with an average of the weights beside it.</summary>
/// <remarks>
/// TorchSharp's own Adam hides its moments from a checkpoint that other tools can read; this one keeps them as plain tensors.
/// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
/// </remarks>
public sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly Parameter[] _parameters;

    /// <summary>Starts with moments of zero and averages equal to the parameters.</summary>
    public Adam(IEnumerable<Parameter> parameters)
    {
        using IDisposable noGradient = no_grad();
        _parameters = [.. parameters];
        Moments = [.. _parameters.Select(parameter => new AdamMoments(
            zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope()))];
        Averaged = [.. _parameters.Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>The moments, one pair a parameter.</summary>
    public IReadOnlyList<AdamMoments> Moments { get; }

    /// <summary>Exponential averages of the parameters.</summary>
    public IReadOnlyList<Tensor> Averaged { get; }

    /// <summary>Sets every gradient to zero.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad?.zero_();
        }
    }

    /// <summary>One step down the gradients.</summary>
    /// <param name="step">Steps done before this one.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="maximumNorm">Gradients with a larger joint norm are scaled down to it.</param>
    /// <param name="averagingDecay">Share that the averages keep; less in the first steps, so that they forget the start.</param>
    /// <returns>The gradients' norm before scaling; when it is not finite, nothing was changed.</returns>
    public double Step(long step, double rate, double maximumNorm, double averagingDecay)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor[] gradients = [.. _parameters.Select(parameter => parameter.grad ?? zeros_like(parameter))];
        double norm = Math.Sqrt(stack(gradients.Select(gradient => gradient.square().sum())).sum().ToDouble());
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        // Scalars are held by name until the end: see Model/Runtime/Scalars.
        using Scalar scale = Math.Min(1, maximumNorm / (norm + 1e-6)).ToScalar();
        using Scalar descent = (-rate / (1 - Math.Pow(Beta1, step + 1))).ToScalar();
        using Scalar secondCorrection = (1 / Math.Sqrt(1 - Math.Pow(Beta2, step + 1))).ToScalar();
        double decay = Math.Min(averagingDecay, (1.0 + step) / (10.0 + step));
        using Scalar keep = decay.ToScalar(), take = (1 - decay).ToScalar();
        using Scalar beta1 = Beta1.ToScalar(), beta2 = Beta2.ToScalar(), epsilon = Epsilon.ToScalar();
        using Scalar rest1 = (1 - Beta1).ToScalar(), rest2 = (1 - Beta2).ToScalar();
        for (int i = 0; i < _parameters.Length; i++)
        {
            Tensor gradient = gradients[i].mul_(scale);
            Moments[i].First.mul_(beta1).add_(gradient, alpha: rest1);
            Moments[i].Second.mul_(beta2).addcmul_(gradient, gradient, rest2);
            Tensor denominator = Moments[i].Second.sqrt().mul_(secondCorrection).add_(epsilon);
            _parameters[i].addcdiv_(Moments[i].First, denominator, descent);
            Averaged[i].mul_(keep).add_(_parameters[i], alpha: take);
        }

        return norm;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AdamMoments moments in Moments)
        {
            moments.First.Dispose();
            moments.Second.Dispose();
        }

        foreach (Tensor average in Averaged)
        {
            average.Dispose();
        }
    }
}
