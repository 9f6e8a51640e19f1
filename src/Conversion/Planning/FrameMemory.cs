using AdaConv.Conversion.Options;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;
using AdaConv.Pictures.Scenes;

namespace AdaConv.Conversion.Planning;

/// <summary>
/// The memory that the pictures on their way through a conversion take. Without a limit it is estimated from below: a file of a few kilobytes can ask for
/// more than there is, and is refused before any is taken. Under a limit, pictures and network share it: what can be done with less memory is, in the order
/// of what it costs, as far as the limit demands it.
/// </summary>
internal static class FrameMemory
{
    private const long Mebibyte = 1L << 20;

    private const int InHand = 4; // pictures in the stages' hands: a pair, the new one, the encoder's
    private const int Changed = 3; // those that are turned, deinterlaced or become others of the encoder's pixel format

    /// <summary>Why a conversion is refused for its pictures; null where they fit into the memory that the process may have.</summary>
    /// <param name="picture">The first picture.</param>
    /// <param name="plan">The plan so far, with its encoder.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="available">Bytes that the process may have.</param>
    public static PlanProblem? Problem(VideoFrame picture, ConversionPlan plan, ConversionOptions options, long available)
    {
        PixelLayout? format = plan.Picture is { } output ? PixelLayout.Named(output.PixelFormat) : null;
        if (format is null)
        {
            return null;
        }

        int waiting = Waiting(options);
        int kept = plan.Encoder is { } encoder ? EncoderMemory.LeastKept(encoder.Name) : 0;
        long frame = format.ByteCount(picture.Width, picture.Height);

        // Three originals and the one between, as floats.
        long planes = 4L * format.ComponentCount * sizeof(float) * picture.Width * picture.Height;
        long needed = ((waiting + kept) * frame) + planes;
        return needed <= available ? null : new(
            "Converting",
            plan.Input,
            $"its pictures of {picture.Width}×{picture.Height} need {needed / Mebibyte} MiB, {waiting + kept} of them at a time; this process may have "
            + $"{available / Mebibyte} MiB",
            "Scale it down first, or use a machine with more memory; --queue-length 1 and an encoder such as ffv1 need less.");
    }

    /// <summary>The options of a conversion whose pictures are under the network's memory limit, too.</summary>
    public static ConversionOptions Limited(FilterOptions options) =>
        options.Conversion with { MemoryLimit = options.Interpolation.Network.MemoryLimit };

    /// <summary>Has pictures and network share the memory limit, where the interpolator has one: the one place where that is decided.</summary>
    /// <param name="plan">The plan; where it is refused it stays so.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="reader">The opened input.</param>
    /// <param name="interpolator">Predicts.</param>
    /// <param name="isEncoderFixed">Whether others count on the encoder's options, as for the parts of a job.</param>
    public static MemoryShares Share(
        ConversionPlan plan, ConversionOptions options, FrameReader reader, IFrameInterpolator interpolator, bool isEncoderFixed = false)
    {
        if (options.MemoryLimit is null || plan.Problems.Length > 0 || plan.Picture is not { } picture
            || PixelLayout.Named(picture.PixelFormat) is not { } format
            || interpolator.MemoryFor(picture.Width, picture.Height, format.ComponentCount) is not { } network)
        {
            return new(plan, options, null);
        }

        List<MemoryShares> ways = [.. Ways(plan, options, reader, format, interpolator.LooksAhead, isEncoderFixed)];

        // Whole frames; else a few tiles; else whatever fits, which takes very long.
        MemoryShares way = ways.Find(way => !way.IsDear && network.Process + way.Held!.Value + network.Whole <= network.Limit)
            ?? ways.Find(way => way.Options.QueueLength == 1 && Total(way, network.Few) <= network.Limit)
            ?? ways[^1];
        long least = Total(way, Math.Min(network.Whole, network.Least)), few = Total(way, Math.Min(network.Whole, network.Few));
        if (few > network.Limit && least <= network.Limit)
        {
            way = way with
            {
                Plan = way.Plan with
                {
                    Notes = way.Plan.Notes.Add(
                        $"The memory limit leaves room for small tiles only, which overlap so much that this takes many times as long; {Rounded(few)} MiB are "
                        + "enough for at most four."),
                },
            };
        }

        // Others count on the encoder as it is: what it takes beyond the limit is said, and no reason to refuse.
        if (least > network.Limit && isEncoderFixed
            && Ways(plan, options, reader, format, interpolator.LooksAhead, isEncoderFixed: false).Last() is var sparing
            && Total(sparing, Math.Min(network.Whole, network.Least)) <= network.Limit)
        {
            string note = $"The encoder stays as it was planned; with it, this takes some {Rounded(least - network.Limit)} MiB more than the memory limit of "
                + $"{network.Limit / Mebibyte} MiB.";
            return way with { Plan = way.Plan with { Notes = way.Plan.Notes.Add(note) }, Held = sparing.Held };
        }

        return least <= network.Limit ? way : way with
        {
            Plan = plan with
            {
                Problems =
                [
                    new(
                        "Converting",
                        plan.Input,
                        $"a frame of {picture.Width}×{picture.Height} does not fit the memory limit of {network.Limit / Mebibyte} MiB "
                        + "even in the smallest tiles",
                        $"Allow {Rounded(least)} MiB or more{(few > least ? $"; {Rounded(few)} MiB are many times as fast" : "")}. Or scale it down first."
                        + InTheWay(plan.Encoder)),
                ],
            },
        };

        static string InTheWay(EncoderSettings? encoder) => encoder is not null && EncoderMemory.InTheWay(encoder).ToArray() is { Length: > 0 } options
            ? $" Without {string.Join(" and ", options)}, {encoder.Name} could take less."
            : "";

        static long Rounded(long bytes) => (bytes + Mebibyte - 1) / Mebibyte;

        long Total(MemoryShares way, long prediction) => network.SpareProcess + way.Held!.Value + prediction;
    }

    // What can be done, the dearest last.
    private static IEnumerable<MemoryShares> Ways(
        ConversionPlan plan, ConversionOptions options, FrameReader reader, PixelLayout format, bool looksAhead, bool isEncoderFixed)
    {
        yield return With(plan, options);

        // Planes are read for each tile, stages wait for one another, and the encoder leaves other processors alone.
        options = options with
        {
            QueueLength = 1,
            EncoderThreads = options.EncoderThreads == 0 ? 1 : options.EncoderThreads,
            ReadsPartsOnly = options.CutHandling == CutHandling.Repeat || !options.SceneCutDetection,
        };
        yield return With(plan, options);
        for (int step = 0; !isEncoderFixed && step < EncoderMemory.Steps; step++)
        {
            if (plan.Encoder is { } encoder && EncoderMemory.Spare(encoder, step, out string words) is { } spare)
            {
                yield return With(plan with { Encoder = spare, Notes = plan.Notes.Add($"For the memory limit, {spare.Name} {words}.") }, options) with
                {
                    IsDear = step == EncoderMemory.Steps - 1,
                };
            }
        }

        MemoryShares With(ConversionPlan plan, ConversionOptions options) => new(plan, options, Held(plan, options, reader, format, looksAhead));
    }

    // Bytes of planes, queues, decoder and encoder.
    private static long Held(ConversionPlan plan, ConversionOptions options, FrameReader reader, PixelLayout format, bool looksAhead)
    {
        PicturePlan picture = plan.Picture!;
        long pixels = (long)picture.Width * picture.Height, frame = format.ByteCount(picture.Width, picture.Height);

        // An original has samples and colours, the new frame samples only, and what others are predicted from both.
        long samples = sizeof(float) * format.ComponentCount * pixels, both = samples + (format.IsRgb ? 0 : 3 * sizeof(float) * pixels);
        int originals = options.ReadsPartsOnly ? 0 : looksAhead ? 3 : 2, between = options.Timing.HeldFrames - 3;
        long planes = samples + ((originals + between) * both);
        bool changes = picture.Turn is not null || picture.SourceFormat != picture.PixelFormat || plan.Interlaced is not null;
        long pictures = (Waiting(options) + InHand + (looksAhead ? 1 : 0) + (changes ? Changed : 0) + reader.PicturesInDecoder) * frame;
        long encoder = plan.Encoder is { } settings
            ? EncoderMemory.Bytes(settings, frame, picture.Width, picture.Height, options.EncoderThreads, Environment.ProcessorCount)
            : 0;
        return planes + pictures + encoder;
    }

    // What waits behind the decoder and for the encoder, beside those that are looked at for cuts.
    private static int Waiting(ConversionOptions options) => (3 * options.QueueLength) + SceneCutDetector.Neighbours;
}

/// <summary>How a conversion shares the memory limit with its network.</summary>
/// <param name="Plan">What is done, which encoder and notes are part of; refused where nothing fits.</param>
/// <param name="Options">How.</param>
/// <param name="Held">Bytes that all but the network and the process itself takes; null: there is no limit.</param>
internal sealed record MemoryShares(ConversionPlan Plan, ConversionOptions Options, long? Held)
{
    /// <summary>Whether files become larger by it than tiles are slower.</summary>
    public bool IsDear { get; init; }

    /// <summary>Leaves the rest to the network.</summary>
    public void Tell(IFrameInterpolator interpolator)
    {
        if (Held is { } held)
        {
            interpolator.LeaveRoom(held);
        }
    }
}
