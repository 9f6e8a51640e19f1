using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Timing;
using AdaConv.Media.Decoding;
using AdaConv.Media.Libav;
using AdaConv.Media.Pixels;
using AdaConv.Model;

namespace AdaConv.Conversion.Pipeline;

/// <summary>The frames of a conversion for another program's loop, instead of a file: decode ∥ predict ∥ the loop.</summary>
/// <param name="interpolator">Predicts the new frames; used from one thread at a time.</param>
public sealed class FrameStream(IFrameInterpolator interpolator)
{
    /// <summary>Reads a file's frames, original and new, in order. Leaving the loop early stops the work.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="options">
    /// How to convert. The frames are of <see cref="ConversionOptions.PixelFormat"/>, without one of the input's own where its samples
    /// are integers of 8 to 16 bits, else of rgb24. Options of encoder, container and output are ignored.
    /// </param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread, one at a time.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ArgumentException">A setting is null, empty or out of its range, or timing options exclude each other.</exception>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async IAsyncEnumerable<InterpolatedFrame> ReadAsync(
        string input, ConversionOptions options, Action<string>? message = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        OptionsCheck.Check(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var frames = Channel.CreateBounded<InterpolatedFrame>(options.QueueLength);
        var work = Task.Factory.StartNew(
            () => Produce(input, options, message, frames.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return frame;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (frames.Reader.TryRead(out var left))
            {
                left.Dispose();
            }
        }
    }

    private void Produce(
        string input, ConversionOptions options, Action<string>? message, ChannelWriter<InterpolatedFrame> frames, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            using FrameReader reader = FrameReader.Open(input, options.Reading, cancellation);
            MemoryShares memory = FrameMemory.Share(Planner.Plan(reader, output: null, options), options, reader, interpolator);
            (ConversionPlan plan, options, _) = memory;
            ConversionMessages messages = new(message, plan.Notes);
            plan.ThrowIfRefused();
            memory.Tell(interpolator);
            using FrameSource source = new(reader, plan, options, interpolator, messages);
            reader.DropOthers();
            Stages.Run(cancellation, source.Decode, source.Predict, token =>
            {
                foreach (OutputFrame frame in source.Take(token))
                {
                    source.Counters.CountOut(frame.Time);
                    source.Release(frame.Frame);
                    InterpolatedFrame own = new(frame, source.Schedule.TimeBase);
                    try
                    {
                        frames.WriteAsync(own, token).AsTask().GetAwaiter().GetResult();
                    }
                    catch
                    {
                        own.Dispose();
                        throw;
                    }
                }
            });
            cancellation.ThrowIfCancellationRequested();
            source.Warn();
        }
#pragma warning disable CA1031 // It is thrown on, in the loop.
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = error;
        }

        frames.Complete(failure);
    }
}

/// <summary>A frame of the output, original or new, with its exact time. It belongs to the receiver: dispose of it when done.</summary>
/// <remarks>
/// The picture is native memory, one plane after another as FFmpeg's pixel format of that name lays them out (yuv420p: Y, U, V;
/// rgb24: one plane of R, G, B bytes; samples of more than 8 bits are 16-bit words of the byte order that the name ends with). Spans of
/// it are valid until <see cref="Dispose"/>. A frame may be kept for any time and passed to another thread, but keeps its memory.
/// </remarks>
public sealed unsafe class InterpolatedFrame : IDisposable
{
    private readonly VideoFrame _frame;
    private readonly PixelLayout _layout;

    internal InterpolatedFrame(OutputFrame frame, Rational timeBase)
    {
        _frame = frame.Frame;
        _layout = PixelLayout.Of(_frame.Format)!;
        Time = frame.Time;
        TimeBase = timeBase;
        IsPredicted = frame.IsPredicted;
    }

    /// <summary>When it is shown and for how long, exactly: in ticks of <see cref="TimeBase"/>.</summary>
    public FrameTime Time { get; }

    /// <summary>Seconds per tick.</summary>
    public Rational TimeBase { get; }

    /// <summary>When it is shown, rounded to 100 ns.</summary>
    public TimeSpan Timestamp => TimeBase.ToTimeSpan(Time.Timestamp);

    /// <summary>Whether its picture is new. Originals, and their repetitions where nothing moves or a scene ends, are not.</summary>
    public bool IsPredicted { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Native.Width;

    /// <summary>Rows.</summary>
    public int Height => Native.Height;

    /// <summary>FFmpeg's name of the pixel format, the same for all frames of a video.</summary>
    public string PixelFormat => _layout.Name;

    /// <summary>Planes of the picture.</summary>
    public int PlaneCount => _layout.PlaneCount;

    /// <summary>Bytes that <see cref="CopyTo"/> writes.</summary>
    public int ByteCount => checked((int)_layout.ByteCount(Width, Height));

    private VideoFrame Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_frame.IsClosed, this);
            return _frame;
        }
    }

    /// <summary>Rows of a plane: fewer than <see cref="Height"/> where chroma is smaller.</summary>
    public int RowCount(int plane)
    {
        CheckPlane(plane);
        return _layout.Rows(plane, Height);
    }

    /// <summary>One row of a plane, without padding; valid until <see cref="Dispose"/>.</summary>
    /// <param name="plane">From 0 to <see cref="PlaneCount"/> − 1.</param>
    /// <param name="y">From 0 to <see cref="RowCount"/> − 1.</param>
    public ReadOnlySpan<byte> Row(int plane, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)RowCount(plane), nameof(y));
        return new(Native.Pointer->data[(uint)plane] + ((long)y * Native.Pointer->linesize[(uint)plane]), _layout.RowBytes(plane, Width));
    }

    /// <summary>Copies all planes, row by row without padding: FFmpeg's raw video.</summary>
    /// <param name="target">At least <see cref="ByteCount"/> bytes.</param>
    /// <exception cref="ArgumentException">It is too small.</exception>
    public void CopyTo(Span<byte> target)
    {
        for (int plane = 0; plane < PlaneCount; plane++)
        {
            for (int y = 0; y < RowCount(plane); y++)
            {
                ReadOnlySpan<byte> row = Row(plane, y);
                row.CopyTo(target);
                target = target[row.Length..];
            }
        }
    }

    /// <summary>Releases the picture.</summary>
    public void Dispose() => _frame.Dispose();

    private void CheckPlane(int plane) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)plane, (uint)PlaneCount, nameof(plane));
}
