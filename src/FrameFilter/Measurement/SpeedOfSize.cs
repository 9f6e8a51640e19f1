namespace AdaConv.FrameFilter.Measurement;

/// <summary>How fast frames of a size are converted here.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="NewFramesPerSecond">Of a running conversion, H.264 in and out, its start left out.</param>
/// <param name="Predictions">New frames that this was measured with.</param>
/// <param name="DecodeSeconds">Decoding one original, by itself.</param>
/// <param name="PlanesSeconds">One original to float planes and one new frame back, by itself.</param>
/// <param name="PredictSeconds">Predicting one frame, by itself.</param>
/// <param name="EncodeSeconds">Encoding two frames, by itself.</param>
public sealed record SpeedOfSize(
    int Width, int Height, double NewFramesPerSecond, int Predictions, double DecodeSeconds, double PlanesSeconds, double PredictSeconds, double EncodeSeconds)
{
    /// <summary>All stages together, one after the other, for one new frame.</summary>
    public double SumSeconds => DecodeSeconds + PlanesSeconds + PredictSeconds + EncodeSeconds;
}
