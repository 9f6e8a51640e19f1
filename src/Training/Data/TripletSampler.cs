using AdaConv.Training.Data.Configuration;

namespace AdaConv.Training.Data;

/// <summary>Random patches out of one or several sources, changed at random; the batch of a step depends on nothing but seed and step.</summary>
public sealed class TripletSampler : IDisposable
{
    private readonly (ITripletSource Source, double Until)[] _sources; // Until: shares summed up, of 1
    private readonly AugmentationConfiguration _augmentation;
    private readonly int _seed;
    private readonly double _otherTimes;

    /// <summary>Mixes sources.</summary>
    /// <param name="sources">The sources with their shares of the samples; disposed with the sampler.</param>
    /// <param name="augmentation">What is done to a patch.</param>
    /// <param name="patchSize">Width and height of the patches, in pixels.</param>
    /// <param name="seed">Decides every random choice, together with the step.</param>
    /// <param name="otherTimes">Share of the samples whose frame between may lie anywhere; all others are as they would be without such.</param>
    public TripletSampler(
        IReadOnlyList<(ITripletSource Source, double Share)> sources, AugmentationConfiguration augmentation, int patchSize, int seed, double otherTimes = 0)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(augmentation);
        double all = sources.Sum(source => source.Share), until = 0;
        _sources = [.. sources.Select(source => (source.Source, Until: until += source.Share / all))];
        _augmentation = augmentation;
        _seed = seed;
        _otherTimes = otherTimes;
        PatchSize = patchSize;
    }

    /// <summary>Width and height of the patches, in pixels.</summary>
    public int PatchSize { get; }

    /// <summary>Number of triplets of whole frames in all sources that have one; null where none has.</summary>
    public long? TripletCount => _sources.Any(source => source.Source.Count is not null) ? _sources.Sum(source => source.Source.Count ?? 0) : null;

    /// <summary>Opens sources as configured, decoding into the cache what is not there yet.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="options">How they are used.</param>
    /// <param name="cacheFolder">Where decoded frames lie or are to lie.</param>
    /// <param name="report">Told a line per clip decoded and one per source.</param>
    /// <exception cref="TrainingException">A source holds nothing usable, or the cache cannot be written.</exception>
    public static TripletSampler Open(IReadOnlyList<SourceConfiguration> sources, SamplingOptions options, string cacheFolder, Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        List<(ITripletSource Source, double Share)> opened = [];
        try
        {
            double all = sources.Sum(source => source.Share);
            foreach (SourceConfiguration source in sources)
            {
                ITripletSource triplets = Open(source, options, cacheFolder, report);
                opened.Add((triplets, source.Share));
                report(sources.Count == 1 ? triplets.Description : $"{triplets.Description} ({source.Share / all:P0} of the samples)");
            }

            return new TripletSampler(opened, options.Augmentation, options.PatchSize, options.Seed, options.OtherTimes);
        }
        catch
        {
            opened.ForEach(source => source.Source.Dispose());
            throw;
        }
    }

    /// <summary>Fills one batch.</summary>
    /// <param name="step">The training step.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="output">[batch, 9, patch, patch] floats in 0..1: R, G, B of the first frame, of the second, of the one between.</param>
    /// <param name="times">[batch]: when the frame between was taken, more than 0 (the first frame), less than 1 (the second).</param>
    public void Fill(long step, int batch, Span<float> output, Span<float> times)
    {
        int length = 9 * PatchSize * PatchSize;
        for (int sample = 0; sample < batch; sample++)
        {
            times[sample] = (float)FillSample(step, sample, output.Slice(sample * length, length));
        }
    }

    /// <summary>Fills one sample of a batch.</summary>
    /// <param name="step">The training step.</param>
    /// <param name="index">Its place in the batch.</param>
    /// <param name="output">[9, patch, patch] floats in 0..1.</param>
    /// <returns>When the frame between was taken.</returns>
    public double FillSample(long step, int index, Span<float> output)
    {
        int hash = HashCode(step, index);
        Random random = new(hash), moment = new(~hash);
        bool isAnywhere = moment.NextDouble() < _otherTimes;
        ITripletSource source = _sources.Length == 1 ? _sources[0].Source : Choose(random.NextDouble());
        // What is drawn anew is drawn at the patch's size.
        int crop = source.Count is null ? PatchSize : Augmentation.CropSize(_augmentation, random, PatchSize);
        Span<byte> planes = Buffers.Crop(9 * crop * crop);
        double time = source.Fill(random, crop, planes, isAnywhere ? moment : null);
        if (crop != PatchSize)
        {
            Span<byte> scaled = Buffers.Patch(9 * PatchSize * PatchSize);
            AreaScaling.Apply(planes, crop, scaled, PatchSize);
            planes = scaled;
        }

        Augmentation augmentation = new(_augmentation, random);
        augmentation.Apply(planes, PatchSize, output);
        return augmentation.Time(time);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_sources, source => source.Source.Dispose());

    private static ITripletSource Open(SourceConfiguration source, SamplingOptions options, string cacheFolder, Action<string> report)
    {
        if (source is SyntheticConfiguration synthetic)
        {
            return new SyntheticSource(synthetic, cacheFolder, report);
        }

        var footage = (FootageConfiguration)source;
        FrameCache cache = FrameCache.Open(footage, cacheFolder, options.FramesPerClip, report);
        try
        {
            return new FootageSource(cache, (int)(options.PatchSize * options.Augmentation.ScaleDown), options.MaximumStride,
                options.OtherTimes > 0 ? options.LongestSpan : 0, footage.HoldOut);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    private ITripletSource Choose(double number)
    {
        foreach (var (source, until) in _sources)
        {
            if (number < until)
            {
                return source;
            }
        }

        return _sources[^1].Source;
    }

    private int HashCode(long step, int sample)
    {
        ulong x = ((ulong)(uint)_seed << 40) ^ ((ulong)step << 10) ^ (uint)sample; // splitmix64's finaliser
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return (int)(x ^ (x >> 31));
    }

    private static class Buffers
    {
        [ThreadStatic]
        private static byte[]? _crop, _patch;

        public static Span<byte> Crop(int length) => Of(ref _crop, length);

        public static Span<byte> Patch(int length) => Of(ref _patch, length);

        private static Span<byte> Of(ref byte[]? buffer, int length)
        {
            if (buffer is null || buffer.Length < length)
            {
                buffer = GC.AllocateUninitializedArray<byte>(length);
            }

            return buffer.AsSpan(0, length);
        }
    }
}
