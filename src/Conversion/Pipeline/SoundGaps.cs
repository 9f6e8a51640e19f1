using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;

namespace AdaConv.Conversion.Pipeline;

/// <summary>Watches copied sound for gaps that the output cannot keep: AVI counts packets, and QuickTime counts the samples of PCM.</summary>
/// <param name="demuxer">The input.</param>
/// <param name="plan">What becomes of its streams.</param>
internal sealed unsafe class SoundGaps(Demuxer demuxer, ConversionPlan plan)
{
    // Seconds that are heard; shorter ones are rounding.
    private const double Noticeable = 0.1;

    private readonly long?[] _ends = new long?[plan.Streams.Length];
    private readonly double[] _lost = new double[plan.Streams.Length];

    /// <summary>Seconds by which sound comes too early in the end; of several streams the most.</summary>
    public double Lost => _lost.Max();

    /// <summary>Looks at a packet that is copied.</summary>
    public void Look(Packet packet)
    {
        int index = packet.StreamIndex;
        if (index >= _ends.Length || !Counts(plan.Streams[index]) || packet.Time is not { } time)
        {
            return;
        }

        Rational unit = demuxer.Context->streams[index]->time_base.ToRational();
        if (_ends[index] is { } end && (time - end) * unit.ToDouble() > Noticeable)
        {
            _lost[index] += (time - end) * unit.ToDouble();
        }

        _ends[index] = packet.Duration > 0 ? time + packet.Duration : null;
    }

    private bool Counts(StreamPlan stream) => stream is { Kind: "audio", Treatment: StreamTreatment.Copy }
        && (plan.Container == "avi" || (plan.Container is "mov" or "mp4" && stream.Codec.StartsWith("pcm_", StringComparison.Ordinal)));
}
