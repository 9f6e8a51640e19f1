namespace AdaConv.Training.Data.Synthesis;

/// <summary>A value that changes evenly or with an even acceleration.</summary>
/// <param name="Middle">Value at time ½.</param>
/// <param name="Change">Value at time 1 less that at time 0.</param>
/// <param name="Acceleration">Change of velocity from time 0 to time 1.</param>
internal readonly record struct Course(double Middle, double Change = 0, double Acceleration = 0)
{
    /// <summary>The value at a time.</summary>
    public double At(double time) => Middle + (time - 0.5) * (Change + 0.5 * Acceleration * (time - 0.5));
}
