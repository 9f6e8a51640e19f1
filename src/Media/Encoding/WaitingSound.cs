using AdaConv.Media.Libav;
using FFmpeg.AutoGen;
using static FFmpeg.AutoGen.ffmpeg;

namespace AdaConv.Media.Encoding;

/// <summary>Decoded sound on its way, which waits until what follows tells a gap before it from a time that is only written late.</summary>
/// <remarks>
/// The times of live recordings go to and fro by some milliseconds: silence for each that is late would tear the sound. Behind a gap all are late.
/// </remarks>
internal sealed unsafe class WaitingSound : IDisposable
{
    // Frames that must be late together.
    private const int Witnesses = 8;

    // Nanoseconds that are let pass: times in milliseconds need some.
    private const long Least = 5_000_000;

    private readonly Queue<Waiting> _waiting = new();
    private readonly Stack<VideoFrame> _spare = new();

    // Where the samples so far end, in nanoseconds, gaps not counted; null before the first time.
    private long? _counted;
    private long _filled;

    /// <summary>Whether anything waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Whether enough wait for the first one to go on.</summary>
    public bool IsReady => _waiting.Count > Witnesses;

    /// <summary>Takes sound, whose frame is empty afterwards.</summary>
    /// <param name="sound">The sound.</param>
    /// <param name="form">Its form.</param>
    /// <param name="unit">Seconds per tick of its time.</param>
    public void Add(VideoFrame sound, SoundForm form, Rational unit)
    {
        AVFrame* frame = sound.Pointer;
        long? place = frame->pts == AV_NOPTS_VALUE ? null : Rational.Rescale(frame->pts, unit, Rational.Nanosecond);
        _counted ??= place;
        VideoFrame kept = _spare.TryPop(out VideoFrame? spare) ? spare : new();
        kept.ReferTo(sound);
        _waiting.Enqueue(new(kept, form, place - _counted));
        _counted += Rational.Rescale(frame->nb_samples, new(1, frame->sample_rate), Rational.Nanosecond);
        sound.Clear();
    }

    /// <summary>Nanoseconds of silence that come before the first one that waits; each gap is told once.</summary>
    public long TakeGap()
    {
        long? least = null;
        foreach (Waiting one in _waiting)
        {
            least = one.Late is { } late && !(least < late) ? late : least;
        }

        long gap = (least ?? 0) - _filled;
        if (gap <= Least)
        {
            return 0;
        }

        _filled += gap;
        return gap;
    }

    /// <summary>Hands on the first one that waits.</summary>
    /// <param name="sound">Becomes that.</param>
    /// <returns>Its form.</returns>
    public SoundForm Take(VideoFrame sound)
    {
        Waiting first = _waiting.Dequeue();
        sound.ReferTo(first.Frame);
        first.Frame.Clear();
        _spare.Push(first.Frame);
        return first.Form;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VideoFrame frame in _waiting.Select(one => one.Frame).Concat(_spare))
        {
            frame.Dispose();
        }
    }

    // Late: nanoseconds behind the samples counted so far; null where it has no time.
    private readonly record struct Waiting(VideoFrame Frame, SoundForm Form, long? Late);
}
