using AdaConv.Engine;

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
            curve[sum] = CodeValues.ToByte((float)(sum * factor));
        }

        canvas.Resolve(curve, planes);
    }
}

/// <summary>A picture that moves.</summary>
/// <param name="Texture">The picture; where its alpha is 0, what lies behind is seen.</param>
/// <param name="Anchor">Place in the picture, in pixels from its corner, that the path moves.</param>
/// <param name="Path">Its way, in samples: two to a pixel.</param>
internal readonly record struct SceneLayer(Texture Texture, (double X, double Y) Anchor, MotionPath Path)
{
    /// <summary>The map of the scene at a time onto the picture, in pixels from its corner.</summary>
    public Homography ToTexture(double time) => Homography.Translation(Anchor.X, Anchor.Y) * Path.At(time).Inverse();
}
