namespace AdaConv.Model;

/// <summary>A vector or more for each cell of a frame: planes [P, h, w], row by row, each value for c×c pixels.</summary>
public sealed class MotionField
{
    private float[] _values = [];

    /// <summary>Cells in a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of cells.</summary>
    public int Height { get; private set; }

    /// <summary>Pixels of a cell, each way.</summary>
    public int Cell { get; private set; }

    /// <summary>Values of a plane.</summary>
    public int Length => Width * Height;

    /// <summary>Takes another size; the values are undefined then.</summary>
    /// <param name="planes">P.</param>
    /// <param name="width">The frame's width in pixels; the last cells may reach beyond it.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="cell">Pixels of a cell, each way.</param>
    public void Resize(int planes, int width, int height, int cell)
    {
        (Width, Height, Cell) = ((width + cell - 1) / cell, (height + cell - 1) / cell, cell);
        if (_values.Length < planes * Length)
        {
            _values = new float[planes * Length];
        }
    }

    /// <summary>One of the planes.</summary>
    public Span<float> Plane(int plane) => _values.AsSpan(plane * Length, Length);
}

/// <summary>How far what is seen between two frames lies beside the straight line between its places in both: see <see cref="MotionCurve"/>.</summary>
/// <param name="Field">x and y in pixels, in the middle of both frames.</param>
/// <param name="Scale">Share of it that counts: less than 1 where frames of the pair's inside are nearer in time.</param>
public readonly record struct MotionBend(MotionField Field, float Scale)
{
    /// <summary>A share of it.</summary>
    public MotionBend Scaled(double share) => this with { Scale = Scale * (float)share };
}
