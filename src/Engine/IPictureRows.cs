namespace AdaConv.Engine;

/// <summary>A picture that lies elsewhere as integers, and becomes floats a row at a time.</summary>
public unsafe interface IPictureRows
{
    /// <summary>Reads a row of all planes.</summary>
    /// <param name="y">The row.</param>
    /// <param name="samples">Receives the sample planes [P, W].</param>
    /// <param name="colours">Receives R, G, B [3, W]; left alone where the samples are the colours.</param>
    void Read(int y, float* samples, float* colours);
}
