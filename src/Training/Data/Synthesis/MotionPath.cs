namespace AdaConv.Training.Data.Synthesis;

/// <summary>A layer's motion, of the second degree in time: 0 is the first frame, 1 the second, ½ the one between.</summary>
/// <param name="X">Place.</param>
/// <param name="Y">Place.</param>
/// <param name="Angle">Turn in radians.</param>
/// <param name="LogScale">Natural logarithm of the size.</param>
/// <param name="TiltX">Tilt a pixel.</param>
/// <param name="TiltY">Tilt a pixel.</param>
internal readonly record struct MotionPath(Course X, Course Y, Course Angle, Course LogScale, Course TiltX, Course TiltY)
{
    /// <summary>The map of the layer's own plane, its middle at the origin, onto the picture.</summary>
    public Homography At(double time) =>
        Homography.Translation(X.At(time), Y.At(time)) * Homography.Rotation(Angle.At(time), Math.Exp(LogScale.At(time)))
        * Homography.Tilt(TiltX.At(time), TiltY.At(time));
}

/// <summary>A value that changes evenly or with an even acceleration.</summary>
/// <param name="Middle">Value at time ½.</param>
/// <param name="Change">Value at time 1 less that at time 0.</param>
/// <param name="Acceleration">Change of velocity from time 0 to time 1.</param>
internal readonly record struct Course(double Middle, double Change = 0, double Acceleration = 0)
{
    /// <summary>The value at a time.</summary>
    public double At(double time) => Middle + (time - 0.5) * (Change + 0.5 * Acceleration * (time - 0.5));
}
