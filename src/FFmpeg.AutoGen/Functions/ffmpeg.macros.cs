namespace FFmpeg.AutoGen;

public static unsafe partial class ffmpeg
{
    // The package has these as fields too, not as constants: what compiles here compiles there.
    public static readonly int EAGAIN = OperatingSystem.IsMacOS() ? 35 : 11;
    public static readonly int EINVAL = 22;

    public static readonly long AV_NOPTS_VALUE = long.MinValue;
    public const int AV_TIME_BASE = 1_000_000;

    public static readonly int AVERROR_BUG = FFERRTAG('B', 'U', 'G', '!');
    public static readonly int AVERROR_DECODER_NOT_FOUND = FFERRTAG(0xF8, 'D', 'E', 'C');
    public static readonly int AVERROR_DEMUXER_NOT_FOUND = FFERRTAG(0xF8, 'D', 'E', 'M');
    public static readonly int AVERROR_ENCODER_NOT_FOUND = FFERRTAG(0xF8, 'E', 'N', 'C');
    public static readonly int AVERROR_EOF = FFERRTAG('E', 'O', 'F', ' ');
    public static readonly int AVERROR_EXIT = FFERRTAG('E', 'X', 'I', 'T');
    public static readonly int AVERROR_EXTERNAL = FFERRTAG('E', 'X', 'T', ' ');
    public static readonly int AVERROR_INVALIDDATA = FFERRTAG('I', 'N', 'D', 'A');
    public static readonly int AVERROR_MUXER_NOT_FOUND = FFERRTAG(0xF8, 'M', 'U', 'X');
    public static readonly int AVERROR_OPTION_NOT_FOUND = FFERRTAG(0xF8, 'O', 'P', 'T');
    public static readonly int AVERROR_PATCHWELCOME = FFERRTAG('P', 'A', 'W', 'E');
    public static readonly int AVERROR_PROTOCOL_NOT_FOUND = FFERRTAG(0xF8, 'P', 'R', 'O');
    public static readonly int AVERROR_STREAM_NOT_FOUND = FFERRTAG(0xF8, 'S', 'T', 'R');
    public static readonly int AVERROR_UNKNOWN = FFERRTAG('U', 'N', 'K', 'N');

    /// <summary>The system's error number as libav returns it.</summary>
    public static int AVERROR(int error) => -error;

    public static int MKTAG(int a, int b, int c, int d) => a | (b << 8) | (c << 16) | (d << 24);

    public static int FFERRTAG(int a, int b, int c, int d) => -MKTAG(a, b, c, d);
}
