using AdaConv.LibAv;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Libav;

/// <summary>The one place where libav's error codes become words.</summary>
internal static unsafe class LibavError
{
    // POSIX numbers that are alike on Linux, macOS and Windows' C runtime.
    public const int NoPermission = 1, IoFailure = 5, OutOfMemory = 12;
    private const int NotFound = 2, AccessDenied = 13, Exists = 17, IsFolder = 21;
    private const int InvalidArgument = 22, TooManyFiles = 24, FileTooLarge = 27, NoSpace = 28, ReadOnly = 30, BrokenPipe = 32;
    private const int QuotaExceeded = 122;

    private static readonly Dictionary<int, (string Problem, string? Advice)> Known = new()
    {
        [AVERROR(NotFound)] = ("there is no such file", "Check the name."),
        [AVERROR(NoPermission)] = ("FFmpeg refuses it", null), // hardly ever the system's EPERM, mostly a plain -1
        [AVERROR(AccessDenied)] = ("access is denied", "Check the permissions of the file and its folder."),
        [AVERROR(IoFailure)] = ("the device failed to read or write", "Check the disk or the network drive."),
        [AVERROR(OutOfMemory)] = (
            "there is not enough memory", "Close other programs. If the file is small, it is damaged and asks for an absurd amount."),
        [AVERROR(Exists)] = ("the file already exists", null),
        [AVERROR(IsFolder)] = ("that is a folder", "Name a file."),
        [AVERROR(InvalidArgument)] = ("FFmpeg does not accept these settings", null),
        [AVERROR(TooManyFiles)] = ("too many files are open", null),
        [AVERROR(FileTooLarge)] = ("the file would become larger than the system allows", "Write to another disk."),
        [AVERROR(NoSpace)] = ("the disk is full", "Free some space or write to another disk."),
        [AVERROR(ReadOnly)] = ("the disk is read-only", "Write to another folder."),
        [AVERROR(BrokenPipe)] = ("the other end of the pipe was closed", null),
        [AVERROR(QuotaExceeded)] = ("the disk quota is used up", "Free some space or write to another disk."),
        [AVERROR_INVALIDDATA] = ("the data is damaged or of a different format than it claims", "Check that the file plays elsewhere."),
        [AVERROR_EOF] = ("the file ends too early", "Check that it was copied completely."),
        [AVERROR_DECODER_NOT_FOUND] = ("this FFmpeg has no decoder for it", "Install a full FFmpeg."),
        [AVERROR_ENCODER_NOT_FOUND] = ("this FFmpeg has no such encoder", "Install a full FFmpeg or choose another encoder."),
        [AVERROR_DEMUXER_NOT_FOUND] = ("this FFmpeg cannot read that container", "Install a full FFmpeg."),
        [AVERROR_MUXER_NOT_FOUND] = ("this FFmpeg cannot write that container", "Choose another container or extension."),
        [AVERROR_PROTOCOL_NOT_FOUND] = ("only files and pipes are supported", "Download the file first."),
        [AVERROR_STREAM_NOT_FOUND] = ("there is no such stream", null),
        [AVERROR_OPTION_NOT_FOUND] = ("there is no such option", "Check the spelling."),
        [AVERROR_PATCHWELCOME] = ("this FFmpeg does not support that", "Convert the file with another tool first."),
        [AVERROR_EXTERNAL] = ("a library that FFmpeg uses failed", null),
        [AVERROR_BUG] = ("FFmpeg reports a bug in itself", null),
        [AVERROR_UNKNOWN] = ("FFmpeg failed for an unknown reason", null),
    };

    /// <summary>The code for a pipe whose reader has gone.</summary>
    public static int ClosedPipe => AVERROR(BrokenPipe);

    /// <summary>Passes a result on, or throws where it is an error.</summary>
    /// <param name="result">What a libav function returned: negative on failure.</param>
    /// <param name="operation">What was being done: "Opening".</param>
    /// <param name="path">The file concerned.</param>
    /// <exception cref="MediaException">The result is an error; carries this thread's last line of libav's log.</exception>
    public static int Check(int result, string operation, string? path) => result >= 0 ? result : throw Create(result, operation, path);

    /// <summary>Passes a pointer on, or throws where libav had no memory.</summary>
    public static void* CheckAllocated(void* pointer, string operation, string? path) =>
        pointer != null ? pointer : throw Create(AVERROR(OutOfMemory), operation, path);

    /// <summary>libav's own words for what just failed on this thread: its last line of log, or its text for the code.</summary>
    public static string Words(int code) => (LibavLog.TakeLastLine() ?? LibAvError.Describe(code)).TrimEnd('.');

    /// <summary>The exception for an error code.</summary>
    public static MediaException Create(int code, string operation, string? path, string? advice = null)
    {
        // Of an input, it is what a demuxer says of values in a header.
        int known = code == AVERROR(InvalidArgument) && operation is "Opening" or "Reading" ? AVERROR_INVALIDDATA : code;
        (string problem, string? usualAdvice) = Known.TryGetValue(known, out var entry) ? entry : (LibAvError.Describe(code), null);
        string? words = LibavLog.TakeLastLine() ?? (entry.Problem is null ? null : LibAvError.Describe(code));
        return new MediaException(operation, path, problem, advice ?? usualAdvice, code, words);
    }
}
