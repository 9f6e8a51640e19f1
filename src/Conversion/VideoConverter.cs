using System.Runtime.CompilerServices;
using AdaConv.Media.Libav;
using AdaConv.Media.Output;
using AdaConv.Conversion.Interpolation;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Parts;
using AdaConv.Conversion.Pipeline;
using AdaConv.Conversion.Planning;
using AdaConv.Conversion.Verification;
using AdaConv.Media.Decoding;
using AdaConv.Media.Inspection;
using AdaConv.Model;
using AdaConv.Storage;

namespace AdaConv.Conversion;

/// <summary>
/// Options → a conversion: puts interpolator and pipeline together. The command line uses this class and nothing else,
/// so that another program can do the same: <c>new VideoConverter(new FilterOptions()).Convert("in.mp4", "out.mp4")</c>.
/// </summary>
/// <param name="options">All settings.</param>
/// <param name="models">The folder of the weights; null: beside the application.</param>
/// <exception cref="ArgumentException">A setting is null, empty or out of its range.</exception>
public sealed class VideoConverter(FilterOptions options, string? models = null)
{
    private readonly FilterOptions _options = OptionsCheck.Checked(options);
    private readonly string _models = models ?? ModelFolder.Find();

    /// <summary>Converts one file; returns when the output is complete under its name.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="progress">Receives progress a few times a second, from another thread.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread.</param>
    /// <param name="cancellation">Ends the conversion and leaves nothing behind.</param>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    /// <exception cref="MediaException">A file cannot be read or written.</exception>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    /// <exception cref="VerificationException">The output is to be verified and is not what was promised; it was discarded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ConversionResult Convert(
        string input,
        string output,
        IProgress<ConversionProgress>? progress = null,
        Action<string>? message = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentNullException.ThrowIfNull(output);
        if (_options.Conversion.Verify && (input == Demuxer.StandardInput || output == OutputTarget.StandardOutput))
        {
            throw new ConfigurationException("A pipe can be read only once, so that --verify is for files.");
        }

        var interpolator = CreateInterpolator();
        using (interpolator as IDisposable)
        {
            InterpolationPipeline pipeline = new(interpolator, Settings()) { Examine = Verification(input, output, message, cancellation) };
            return pipeline.Run(input, output, Limited, progress, message, cancellation);
        }
    }

    /// <summary>Looks at an input and divides its output's time for several machines.</summary>
    /// <exception cref="ConfigurationException">The model does not exist.</exception>
    /// <exception cref="MediaException">The input cannot be read, or its conversion is refused.</exception>
    internal VideoDivision Divide(string input, string output, CancellationToken cancellation)
    {
        ConversionOptions conversion = _options.Conversion with { Resume = true };
        using FrameReader reader = FrameReader.Open(input, conversion.Reading, cancellation);
        return VideoDivision.Of(Planner.Plan(reader, output, conversion, Settings()), reader, conversion);
    }

    /// <summary>Makes a part of an output.</summary>
    /// <exception cref="MediaException">The input cannot be read, or its conversion is another one than planned.</exception>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    internal PartResult ConvertPart(
        PartWork work, IProgress<ConversionProgress>? progress, Action<string>? message, CancellationToken cancellation)
    {
        var interpolator = CreateInterpolator();
        using (interpolator as IDisposable)
        {
            return new PartPipeline(interpolator, Settings()).Run(work, Limited, progress, message, cancellation);
        }
    }

    /// <summary>Writes an output of which all segments are there.</summary>
    /// <exception cref="MediaException">A file cannot be read or written, or the segments are of another conversion.</exception>
    /// <exception cref="StorageException">The disk is full or fails.</exception>
    internal ConversionResult Join(
        string input, string output, FinishedVideo video, IProgress<ConversionProgress>? progress, Action<string>? message, CancellationToken cancellation) =>
        new InterpolationPipeline(new AveragingInterpolator(), Settings()) { Examine = Verification(input, output, message, cancellation) }
            .Run(input, output, _options.Conversion, video, progress, message, cancellation);

    /// <summary>Looks at an input and chooses what <see cref="Convert"/> would do with it; nothing is written.</summary>
    /// <param name="input">A file, or "-" for standard input, whose beginning is read.</param>
    /// <param name="output">The file that would be written.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The plan; what the conversion would refuse is told in it.</returns>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine has no such device or kernels.</exception>
    /// <exception cref="MediaException">The input cannot be read.</exception>
    /// <exception cref="ModelException">The weights cannot be used, or the device has no such precision.</exception>
    public ConversionPlan Plan(string input, string output, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentNullException.ThrowIfNull(output);
        using FrameReader reader = FrameReader.Open(input, Limited.Reading, cancellation);
        ConversionPlan plan = EncoderTrial.Run(Shared(Planner.Plan(reader, output, Limited, Settings()), reader), reader, Limited);
        if (plan.Problems.IsEmpty)
        {
            InterpolatorFactory.Check(Interpolation, _models);
        }

        return OutputTarget.FindProblem(
            output, reader.Demuxer.Files, _options.Conversion.Overwrite, _options.Conversion.FirstOutputPicture) is { } problem
            ? plan with { Problems = plan.Problems.Add(PlanProblem.Of(problem)) }
            : plan;
    }

    /// <summary>The plan of a conversion into a folder that is made for it.</summary>
    /// <exception cref="MediaException">The input cannot be read.</exception>
    internal ConversionPlan PlanForNewFolder(string input, string output, CancellationToken cancellation)
    {
        using FrameReader reader = FrameReader.Open(input, Limited.Reading, cancellation);
        return EncoderTrial.Run(Shared(Planner.Plan(reader, output, Limited, Settings()), reader), reader, Limited);
    }

    /// <summary>The plan of a conversion, and what its input is, which is read twice for that.</summary>
    /// <exception cref="ConfigurationException">The input is a pipe, or the model does not exist.</exception>
    /// <exception cref="MediaException">The input cannot be read.</exception>
    internal (ConversionPlan Plan, MediaFacts Facts) Inspect(string input, string output, CancellationToken cancellation)
    {
        ReadingOptions reading = _options.Conversion.Reading;
        using FrameReader reader = FrameReader.Open(input, reading, cancellation);
        if (!reader.Demuxer.IsFile && reader.Demuxer.PictureCount is null)
        {
            throw new ConfigurationException($"{input} is a pipe, which can be read only once; inspect a file.");
        }

        return (Shared(Planner.Plan(reader, output, Limited, Settings()), reader), MediaInspector.Inspect(reader, reading, cancellation));
    }

    /// <summary>Reads a file's frames, original and new, in order, for your own loop; leaving it early stops the work.</summary>
    /// <param name="input">A file, or "-" for standard input.</param>
    /// <param name="message">Receives notes and warnings in plain words, from any thread.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>
    /// Frames of <see cref="ConversionOptions.PixelFormat"/>, without one of the input's own (rgb24 where that is paletted or the like). Each
    /// belongs to the loop, which disposes of it. The next frames are made meanwhile, up to <see cref="ConversionOptions.QueueLength"/> of them.
    /// </returns>
    /// <exception cref="ConfigurationException">The model does not exist, or the machine lacks what is asked for.</exception>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    /// <exception cref="ModelException">The weights cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async IAsyncEnumerable<InterpolatedFrame> ReadFramesAsync(
        string input, Action<string>? message = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var interpolator = CreateInterpolator();
        using (interpolator as IDisposable)
        {
            await foreach (var frame in new FrameStream(interpolator).ReadAsync(input, Limited, message, cancellation).ConfigureAwait(false))
            {
                yield return frame;
            }
        }
    }

    private Action<string>? Verification(string input, string output, Action<string>? message, CancellationToken cancellation) =>
        !_options.Conversion.Verify ? null : written =>
        {
            VerificationReport report = new ConversionVerifier(_options).Verify(input, output, written, cancellation);
            if (!report.Held)
            {
                throw new VerificationException(report);
            }

            message?.Invoke($"Verified: {report.Summary}.");
        };

    // The memory limit concerns the pictures, too.
    private ConversionOptions Limited => FrameMemory.Limited(_options);

    // What the conversion itself will do under the memory limit.
    private ConversionPlan Shared(ConversionPlan plan, FrameReader reader)
    {
        if (Limited.MemoryLimit is null || plan.Problems.Length > 0)
        {
            return plan;
        }

        IFrameInterpolator interpolator = CreateInterpolator();
        using (interpolator as IDisposable)
        {
            return FrameMemory.Share(plan, Limited, reader, interpolator).Plan;
        }
    }

    private string Settings() => OptionsFingerprint.Of(_options, InterpolatorFactory.WeightsOf(_options.Interpolation, _models));

    // Along curves, the next original is looked at before a frame is finished.
    private InterpolationOptions Interpolation
    {
        get
        {
            var network = _options.Interpolation.Network;
            int held = _options.Conversion.Timing.HeldFrames + (network.Motion == MotionPath.Curved ? 1 : 0);
            return _options.Interpolation with { Network = network with { HeldFrames = held } };
        }
    }

    private IFrameInterpolator CreateInterpolator() => InterpolatorFactory.Create(Interpolation, _models);
}
