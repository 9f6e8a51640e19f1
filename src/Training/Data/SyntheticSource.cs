using System.Collections.Concurrent;
using AdaConv.Training.Data.Configuration;
using AdaConv.Training.Data.Synthesis;

namespace AdaConv.Training.Data;

/// <summary>Triplets drawn from photographs: layers that move along smooth paths, and the exact frame between, whenever it is.</summary>
public sealed class SyntheticSource : ITripletSource
{
    private const double Middle = 0.5, Earliest = 1.0 / 64;
    private readonly PhotoCache _photos;
    private readonly SyntheticConfiguration _configuration;
    private readonly ConcurrentBag<SceneComposer> _composers = []; // one for each thread at work

    /// <summary>Opens the photographs, decoding them into the cache first unless that was done.</summary>
    /// <param name="configuration">The folder of photographs, and how things move.</param>
    /// <param name="cacheFolder">Where decoded photographs lie or are to lie.</param>
    /// <param name="report">Told a line per photograph left out.</param>
    /// <exception cref="TrainingException">There is no photograph that can be used, or the cache cannot be written.</exception>
    public SyntheticSource(SyntheticConfiguration configuration, string cacheFolder, Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(report);
        _configuration = configuration;
        _photos = PhotoCache.Open(configuration.Path, cacheFolder, report);
    }

    /// <inheritdoc/>
    public string Description => $"synthetic motion of {Counted.Of(_photos.Photos.Count, "photograph")}";

    /// <inheritdoc/>
    public long? Count => null;

    /// <inheritdoc/>
    public double Fill(Random random, int size, Span<byte> planes, Random? moment = null)
    {
        if (!_composers.TryTake(out SceneComposer? composer) || composer.Canvas.Size != size)
        {
            composer = new SceneComposer(_photos, _configuration, size);
        }

        double time = moment is null ? Middle : Earliest + moment.NextDouble() * (1 - 2 * Earliest);
        SyntheticScene scene = composer.Compose(random, time);
        int frame = 3 * size * size;
        scene.Render(composer.Canvas, 0, planes[..frame]);
        scene.Render(composer.Canvas, 1, planes.Slice(frame, frame));
        scene.Render(composer.Canvas, time, planes[(2 * frame)..]);
        _composers.Add(composer);
        return time;
    }

    /// <inheritdoc/>
    public void Dispose() => _photos.Dispose();
}
