using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>Room for a prediction, and while it works: which part of which frame it is.</summary>
/// <param name="network">Predicts.</param>
/// <param name="parallel">How many rows are copied at a time.</param>
/// <exception cref="ModelException">The network's device failed.</exception>
internal sealed unsafe class BegunTile(ITileNetwork network, ParallelOptions parallel) : IDisposable
{
    private readonly FloatBuffer _row = new(); // of a picture that was not read

    /// <summary>The prediction.</summary>
    public TilePrediction Prediction { get; } = network.CreatePrediction();

    /// <summary>The bend of the tile's motion, cell by cell.</summary>
    public FloatBuffer Bend { get; } = new();

    /// <summary>Where the tile lies.</summary>
    public Tile Place { get; private set; }

    /// <summary>The frame that the tile is a part of; null: nothing was begun.</summary>
    public PlanarFrame? Between { get; set; }

    /// <summary>Takes a part of a pair: where its planes lie, if the network can look at them there, else copied.</summary>
    /// <param name="place">The part.</param>
    /// <param name="colours">What is known of the whole pair.</param>
    /// <param name="first">The earlier frame.</param>
    /// <param name="second">The later frame.</param>
    /// <param name="keeps">Whether the network may keep what it finds of the pair's motion.</param>
    public void Prepare(Tile place, PairColours colours, PlanarFrame first, PlanarFrame second, bool keeps)
    {
        Place = place;
        PairLevels? levels = colours.Levels;
        int planes = first.SampleCount;
        int width = RoundUp(place.Right - place.Left, network.SizeMultiple), height = RoundUp(place.Bottom - place.Top, network.SizeMultiple);
        TileShape shape = new(width, height, planes, first.SamplesAreRgb && planes == 3 && levels is null, first.Depth);
        bool unread = first.Unread is not null || second.Unread is not null;
        Prediction.Pictures = keeps && first.Picture != 0 && second.Picture != 0 ? (first.Picture, second.Picture) : default;
        if (levels is null && !unread)
        {
            FramePair looked = new(TileCopy.Part(first, first.Rgb, place), TileCopy.Part(second, second.Rgb, place));
            FramePair samples = new(TileCopy.Part(first, first.Samples, place), TileCopy.Part(second, second.Samples, place));
            if (Prediction.PrepareInPlace(shape, looked, samples))
            {
                return;
            }
        }

        Prediction.Prepare(shape);
        Copy(first, isSecond: false, levels?.First);
        Copy(second, isSecond: true, levels?.Second);

        void Copy(PlanarFrame frame, bool isSecond, (float Gain, float Offset)[]? levels)
        {
            if (frame.Unread is not null)
            {
                TileCopy.Read(place, frame, Prediction, isSecond, _row, levels);
                return;
            }

            TileCopy.In(place, frame.Rgb, 3, frame, Prediction, isSecond ? 3 : 0, parallel, levels);
            if (!shape.SamplesAreColours)
            {
                TileCopy.In(place, frame.Samples, planes, frame, Prediction, isSecond ? 6 + planes : 6, parallel);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Prediction.Dispose();
        Bend.Dispose();
        _row.Dispose();
    }

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;
}
