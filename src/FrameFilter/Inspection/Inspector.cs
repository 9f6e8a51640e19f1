using System.Globalization;
using AdaConv.Conversion;
using AdaConv.Conversion.Options;
using AdaConv.Conversion.Planning;
using AdaConv.FrameFilter.Configuration;
using AdaConv.Media.Decoding;
using AdaConv.Media.Encoding;
using AdaConv.Media.Inspection;
using AdaConv.Media.Libav;

namespace AdaConv.FrameFilter.Inspection;

/// <summary>Looks at a file and at the plan of its conversion: nothing is written.</summary>
/// <param name="options">The conversion's settings.</param>
/// <param name="files">Where models lie; null: beside the application.</param>
public sealed class Inspector(FilterOptions options, ApplicationFiles? files = null)
{
    private readonly string _models = (files ?? ApplicationFiles.Find()).Models;

    /// <summary>Looks.</summary>
    /// <param name="input">A file or numbered pictures.</param>
    /// <param name="output">The output to plan for, or null for a name by the input's.</param>
    /// <param name="findCuts">Whether the whole video is decoded to find its cuts.</param>
    /// <param name="measure">Whether a few frames are predicted to tell how long a conversion would take.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MediaException">The file cannot be read. What only the conversion would refuse is in the plan.</exception>
    /// <exception cref="ConfigurationException">The settings cannot be used, or the input is a pipe.</exception>
    /// <exception cref="Model.ModelException">The weights, which the time is measured with, cannot be used.</exception>
    public InspectionReport Inspect(string input, string? output, bool findCuts, bool measure, CancellationToken cancellation)
    {
        if (input == Demuxer.StandardInput)
        {
            throw new ConfigurationException("Standard input can be read only once; inspect a file.");
        }

        ConversionPreview preview = new(options, _models);
        (ConversionPlan plan, MediaFacts facts) = new VideoConverter(options, _models).Inspect(input, output ?? DefaultOutput(input), cancellation);
        return new(
            input,
            facts.Container,
            facts.Bytes,
            facts.Seconds,
            facts.Video,
            findCuts ? preview.FindSceneCuts(input, cancellation) : null,
            plan,
            Time(input, plan, preview, measure, cancellation));
    }

    // Beside the input, under its own extension where that can be written.
    private static string DefaultOutput(string input) => Path.GetFileNameWithoutExtension(input) + "-converted" + ContainerChoice.ExtensionFor(input);

    private static ConversionTiming Time(string input, ConversionPlan plan, ConversionPreview preview, bool measure, CancellationToken cancellation)
    {
        if (!measure || !plan.Problems.IsEmpty)
        {
            return new(null, null, measure ? "not measured, as the conversion is refused" : "not measured, as --quick asks");
        }

        if (plan.Schedule!.NewFrames == 0)
        {
            return new(null, null, "not measured, as no frame is predicted");
        }

        PredictionTime? time = preview.MeasurePrediction(input, plan, cancellation);
        if (time is null)
        {
            return new(null, null, "not measured: too little motion at the start");
        }

        double typical = time.Typical.TotalSeconds, start = time.First.TotalSeconds;
        return new(
            typical,
            plan.Schedule!.NewFrames is { } frames ? (frames * typical) + start : null,
            string.Create(
                CultureInfo.InvariantCulture,
                $"measured here: {typical:0.00} s a new frame, the median of {time.Count}; starting the network takes {start:0.0} s more"));
    }
}
