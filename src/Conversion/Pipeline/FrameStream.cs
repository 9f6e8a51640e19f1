using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AdaConv.Media.Libav;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.Media.Decoding;
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
    /// <exception cref="ArgumentException">The timing options exclude each other.</exception>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async IAsyncEnumerable<InterpolatedFrame> ReadAsync(
        string input, ConversionOptions options, Action<string>? message = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
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
            ConversionPlan plan = Planner.Plan(reader, output: null, options);
            ConversionMessages messages = new(message, plan.Notes);
            plan.ThrowIfRefused();
            using FrameSource source = new(reader, plan, options, interpolator, messages);
            reader.SendOthersTo(packet => packet.Clear());
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
