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
