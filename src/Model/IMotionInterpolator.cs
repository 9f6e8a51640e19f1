using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>An interpolator that tells the motion of a pair beforehand, and can be told how it bends.</summary>
internal interface IMotionInterpolator : IFrameInterpolator
{
    /// <summary>Pixels each way of the cells that motion is told for; 0: it tells none.</summary>
    int MotionCell { get; }

    /// <summary>Finds the motion of a pair, as far as its neighbours need it.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="flows">Receives x and y towards the first frame, x and y towards the second, from the middle between both, in pixels.</param>
    /// <param name="cancellation">Ends the work.</param>
    void FindMotion(PlanarFrame first, PlanarFrame second, MotionField flows, CancellationToken cancellation = default);

    /// <summary>The same as <see cref="IFrameInterpolator.Begin"/>, where things are not on the straight line between their places.</summary>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="time">Where the frame lies between both.</param>
    /// <param name="between">Receives the samples.</param>
    /// <param name="bend">How far they are beside it in the middle of both frames; null: they are on it.</param>
    /// <param name="cancellation">Ends the work.</param>
    Action? Begin(PlanarFrame first, PlanarFrame second, double time, PlanarFrame between, MotionBend? bend, CancellationToken cancellation = default);
}
