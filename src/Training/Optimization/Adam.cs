using System.Numerics;
using System.Numerics.Tensors;
using AdaConv.Model;
using AdaConv.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace AdaConv.Training.Optimization;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), with an average of the weights beside it.</summary>
/// <remarks>
/// TorchSharp's own Adam hides its moments from a checkpoint that other tools can read; this one keeps them as plain tensors, and passes once
/// over the memory of a parameter instead of ten times. β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
/// </remarks>
public sealed class Adam : IDisposable
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f, MuonMomentum = 0.95f;
    private readonly Parameter[] _parameters;
    private readonly bool[] _orthogonal;

    /// <summary>Starts with moments of zero and averages equal to the parameters.</summary>
    /// <param name="parameters">What is learnt; those without a gradient stay as they are.</param>
    /// <param name="orthogonal">Which of them are moved by <see cref="Orthogonalization"/> of their first moment (Muon) instead; none by default.</param>
    public Adam(IEnumerable<Parameter> parameters, Func<Parameter, bool>? orthogonal = null)
    {
        using IDisposable noGradient = no_grad();
        _parameters = [.. parameters];
        _orthogonal = [.. _parameters.Select(parameter => orthogonal?.Invoke(parameter) ?? false)];
        Moments = [.. _parameters.Select(parameter => new AdamMoments(
            zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope()))];
        Averaged = [.. _parameters.Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>The moments, one pair a parameter.</summary>
    public IReadOnlyList<AdamMoments> Moments { get; }

    /// <summary>Exponential averages of the parameters.</summary>
    public IReadOnlyList<Tensor> Averaged { get; }

    /// <summary>Sets the averages to the parameters: after these were filled from a file.</summary>
    public void RestartAverages()
    {
        using IDisposable noGradient = no_grad();
        foreach (var (parameter, average) in _parameters.Zip(Averaged))
        {
            average.copy_(parameter);
        }
    }

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
    /// <param name="largestNorm">Gradients with a larger joint norm are not followed.</param>
    /// <param name="averagingDecay">Share that the averages keep; less in the first steps, so that they forget the start.</param>
    /// <returns>The gradients' norm before scaling; when it is not finite or above the largest, nothing was changed.</returns>
    public double Step(long step, double rate, double maximumNorm, double largestNorm, double averagingDecay)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor[] gradients = [.. _parameters.Select(GradientInPlace)];
        double norm = Math.Sqrt(gradients.Sum(gradient => (double)TensorPrimitives.SumOfSquares<float>(ParameterMemory.Of(gradient))));
        if (!(norm <= largestNorm)) // nor when it is not a number
        {
            return norm;
        }

        float decay = (float)Math.Min(averagingDecay, (1.0 + step) / (10.0 + step));
        Descent descent = new(
            Scale: (float)Math.Min(1, maximumNorm / (norm + 1e-6)),
            Rate: (float)(rate / (1 - Math.Pow(Beta1, step + 1))),
            SecondCorrection: (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step + 1))),
            Keep: decay);
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (!_parameters[i].requires_grad)
            {
                continue; // nor is its average touched, which would be rounded
            }

            if (_orthogonal[i])
            {
                MoveOrthogonally(i, gradients[i], descent.Scale, (float)rate, decay);
                continue;
            }

            Update(
                ParameterMemory.Of(gradients[i]), ParameterMemory.Of(_parameters[i]), ParameterMemory.Of(Moments[i].First),
                ParameterMemory.Of(Moments[i].Second), ParameterMemory.Of(Averaged[i]), descent);
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

    // In the parameter's own memory order, so that one index serves all five arrays.
    private static Tensor GradientInPlace(Parameter parameter) => parameter.grad is not { } gradient
        ? zeros_like(parameter)
        : gradient.stride().AsSpan().SequenceEqual(parameter.stride()) ? gradient : empty_like(parameter).copy_(gradient);

    // Muon (Jordan et al. 2024): the momentum's direction with all singular values one, so that rare directions count as much as frequent ones.
    private void MoveOrthogonally(int index, Tensor gradient, float scale, float rate, float keep)
    {
        using IDisposable scope = NewDisposeScope();
        Span<float> g = ParameterMemory.Of(gradient), moment = ParameterMemory.Of(Moments[index].First);
        Tensor ahead = empty_like(gradient);
        Span<float> look = ParameterMemory.Of(ahead);
        for (int i = 0; i < g.Length; i++)
        {
            float value = g[i] * scale;
            moment[i] = MuonMomentum * moment[i] + (1 - MuonMomentum) * value;
            look[i] = MuonMomentum * moment[i] + (1 - MuonMomentum) * value; // Nesterov's
        }

        Tensor step = Orthogonalization.Of(ahead);
        Span<float> move = ParameterMemory.Of(step), parameter = ParameterMemory.Of(_parameters[index]), average = ParameterMemory.Of(Averaged[index]);
        TensorPrimitives.MultiplyAdd(move, -rate * Orthogonalization.Share(gradient), parameter, parameter);
        TensorPrimitives.Lerp(parameter, average, keep, average);
    }

    private static void Update(
        Span<float> gradient, Span<float> parameter, Span<float> first, Span<float> second, Span<float> average, in Descent descent)
    {
        int i = 0;
        for (; i <= gradient.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> g = new Vector<float>(gradient[i..]) * descent.Scale;
            Vector<float> m = Beta1 * new Vector<float>(first[i..]) + (1 - Beta1) * g;
            Vector<float> v = Beta2 * new Vector<float>(second[i..]) + (1 - Beta2) * g * g;
            Vector<float> p = new Vector<float>(parameter[i..])
                - descent.Rate * m / (Vector.SquareRoot(v) * descent.SecondCorrection + new Vector<float>(Epsilon));
            Vector<float> a = descent.Keep * new Vector<float>(average[i..]) + (1 - descent.Keep) * p;
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            p.CopyTo(parameter[i..]);
            a.CopyTo(average[i..]);
        }

        for (; i < gradient.Length; i++)
        {
            float g = gradient[i] * descent.Scale;
            first[i] = Beta1 * first[i] + (1 - Beta1) * g;
            second[i] = Beta2 * second[i] + (1 - Beta2) * g * g;
            parameter[i] -= descent.Rate * first[i] / (MathF.Sqrt(second[i]) * descent.SecondCorrection + Epsilon);
            average[i] = descent.Keep * average[i] + (1 - descent.Keep) * parameter[i];
        }
    }

    private readonly record struct Descent(float Scale, float Rate, float SecondCorrection, float Keep);
}

/// <summary>Adam's memory of one parameter.</summary>
/// <param name="First">Running mean of the gradient.</param>
/// <param name="Second">Running mean of its square.</param>
public sealed record AdamMoments(Tensor First, Tensor Second);
