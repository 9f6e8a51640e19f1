namespace AdaConv.Training.Data.Synthesis;

/// <summary>A picture that moves.</summary>
/// <param name="Texture">The picture; where its alpha is 0, what lies behind is seen.</param>
/// <param name="Anchor">Place in the picture, in pixels from its corner, that the path moves.</param>
/// <param name="Path">Its way, in samples: two to a pixel.</param>
internal readonly record struct SceneLayer(Texture Texture, (double X, double Y) Anchor, MotionPath Path)
{
    /// <summary>The map of the scene at a time onto the picture, in pixels from its corner.</summary>
    public Homography ToTexture(double time) => Homography.Translation(Anchor.X, Anchor.Y) * Path.At(time).Inverse();
}
