namespace AdaConv.Training.Data.Synthesis;

/// <summary>Layers in motion, from a background to what is nearest; its picture exists at every time, so the middle frame is no guess.</summary>
internal sealed class SyntheticScene
{
    /// <summary>The layers; the first one fills the picture.</summary>
    public List<SceneLayer> Layers { get; } = [];

    /// <summary>Factor of brightness at the second frame less that at the first; it is 1 in the middle.</summary>
    public double Brightening { get; set; }

    /// <summary>Draws the scene.</summary>
    /// <param name="canvas">Where it is drawn.</param>
    /// <param name="time">0 is the first frame, 1 the second, ½ the one between.</param>
    /// <param name="planes">[3, size, size] bytes: R, G, B.</param>
    public void Render(SceneCanvas canvas, double time, Span<byte> planes)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            canvas.Draw(Layers[i], time, covers: i == 0);
        }

        Span<byte> curve = stackalloc byte[SceneCanvas.CurveLength];
        double factor = (1 + Brightening * (time - 0.5)) / (SceneCanvas.Samples * SceneCanvas.Samples);
        for (int sum = 0; sum < curve.Length; sum++)
        {
            curve[sum] = (byte)Math.Min(255, sum * factor + 0.5);
        }

        canvas.Resolve(curve, planes);
    }
}
