namespace AdaConv.Training.Data;

/// <summary>What ffprobe says of a clip's first video stream.</summary>
/// <param name="Width">Width of its frames as they would be shown (rotation applied).</param>
/// <param name="Height">Height of its frames as they would be shown.</param>
/// <param name="Codec">FFmpeg's name of the codec.</param>
/// <param name="BitsPerPixel">Encoded bits a pixel; null where rate or bit rate are unknown.</param>
public sealed record ClipInfo(int Width, int Height, string Codec, double? BitsPerPixel);
