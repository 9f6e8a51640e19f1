using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Two frames → the frame exactly between them.</summary>
public interface IFrameInterpolator
{
    /// <summary>Predicts the sample planes of the frame halfway between two frames.</summary>
    /// <param name="first">The earlier frame: both its colour planes and its samples are read.</param>
    /// <param name="second">The later frame, of the same size and number of samples.</param>
    /// <param name="between">Receives the samples [P, H, W]; its colour planes are left alone unless they are the samples.</param>
    /// <param name="cancellation">Looked at between tiles.</param>
    /// <exception cref="ArgumentException">Sizes or sample counts differ.</exception>
    void Interpolate(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default);

    /// <summary>
    /// The same, but a device may still be computing afterwards: both frames may be changed then, while <paramref name="between"/> is filled
    /// when what is returned has been called. Pairs are finished in the order they were begun.
    /// </summary>
    /// <returns>Finishes the frame; null: it is finished.</returns>
    Action? Begin(PlanarFrame first, PlanarFrame second, PlanarFrame between, CancellationToken cancellation = default)
    {
        Interpolate(first, second, between, cancellation);
        return null;
    }

    /// <summary>Names who is told what the user should know, in plain words: what was noted so far, then each further note.</summary>
    void Listen(Action<string> message)
    {
    }
}
