using System.Security.Cryptography;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Inspection;

/// <summary>Notes the packets of all streams but the video: what is in them, and when they are shown.</summary>
/// <param name="demuxer">Where they come from.</param>
public sealed unsafe class PacketTracks(Demuxer demuxer) : IDisposable
{
    private readonly Track?[] _tracks = new Track?[demuxer.StreamCount];

    /// <summary>Takes a packet; it is empty afterwards.</summary>
    public void Add(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (packet.StreamIndex < _tracks.Length)
        {
            (_tracks[packet.StreamIndex] ??= new(demuxer.Context->streams[packet.StreamIndex])).Add(packet);
        }

        packet.Clear();
    }

    /// <summary>The packets of a stream in the order of the file.</summary>
    public IReadOnlyList<PacketFacts> Of(int stream) => stream < _tracks.Length && _tracks[stream] is { } track ? track.Packets : [];

    /// <summary>A hash of all that the packets of a stream hold, however it is cut into packets.</summary>
    public UInt128 WholeOf(int stream) => stream < _tracks.Length && _tracks[stream] is { } track ? track.Whole : default;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Track? track in _tracks)
        {
            track?.Dispose();
        }
    }

    private sealed class Track(AVStream* stream) : IDisposable
    {
        private readonly Rational _unit = stream->time_base.ToRational();
        private readonly bool _mayHaveHeaders = avcodec_get_name(stream->codecpar->codec_id) == "aac";
        private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _last = long.MinValue;

        public List<PacketFacts> Packets { get; } = [];

        public UInt128 Whole => PacketFacts.First(_whole.GetCurrentHash());

        public void Add(Packet packet)
        {
            AVPacket* data = packet.Pointer;
            ReadOnlySpan<byte> bytes = Content(new(data->data, data->size));
            _whole.AppendData(bytes);
            bool isLate = data->dts != AV_NOPTS_VALUE && data->dts <= _last;
            _last = data->dts == AV_NOPTS_VALUE ? _last : Math.Max(_last, data->dts);
            Packets.Add(new(
                PacketFacts.HashOf(bytes),
                data->pts == AV_NOPTS_VALUE ? null : Rational.Rescale(data->pts, _unit, Rational.Nanosecond),
                isLate));
        }

        public void Dispose() => _whole.Dispose();

        // Transport streams put a header (ADTS) before each packet of AAC, which other containers take off: 7 bytes, 9 with a checksum.
        private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> bytes) =>
            !_mayHaveHeaders || bytes is not [0xff, var second, _, _, _, _, _, ..] || (second & 0xf6) != 0xf0 ? bytes
            : bytes[Math.Min(bytes.Length, (second & 1) == 1 ? 7 : 9)..];
    }
}

/// <summary>A packet.</summary>
/// <param name="Hash">The first half of its content's SHA-256.</param>
/// <param name="Time">When it is shown, in nanoseconds of the file's clock; null where it does not say.</param>
/// <param name="IsLate">Whether its decoding time is not after those before it, so that containers refuse it as it is.</param>
public readonly record struct PacketFacts(UInt128 Hash, long? Time, bool IsLate)
{
    internal static UInt128 HashOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return First(hash);
    }

    internal static UInt128 First(ReadOnlySpan<byte> hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
}
