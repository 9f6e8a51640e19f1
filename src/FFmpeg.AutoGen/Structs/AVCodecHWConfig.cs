namespace FFmpeg.AutoGen;

/// <summary>One way in which a codec works with a device.</summary>
public struct AVCodecHWConfig
{
    public AVPixelFormat pix_fmt;
    public int methods;
    public AVHWDeviceType device_type;
}
