using AdaConv.Training.Data.Configuration;

namespace AdaConv.Training.Data.Synthesis;

/// <summary>Invents scenes: a photograph as background, pieces of others before it. Memory is kept from scene to scene; one thread at a time.</summary>
internal sealed unsafe class SceneComposer(PhotoCache photos, SyntheticConfiguration configuration, int size)
{
    private const int Places = 3; // of each cut, the one with the most contrast is taken
    private readonly double _unit = SceneCanvas.Samples * size / 128.0; // samples for one of the configuration's pixels
    private readonly int _width = SceneCanvas.Samples * size;
    private readonly List<PinnedPixels> _memory = [];
    private readonly SyntheticScene _scene = new();

    /// <summary>What the scenes are drawn on.</summary>
    public SceneCanvas Canvas { get; } = new(size);

    /// <summary>A new scene; the last one's pixels are gone.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="time">When it will be looked at besides the times 0, ½ and 1.</param>
    public SyntheticScene Compose(Random random, double time = 0.5)
    {
        _scene.Layers.Clear();
        bool still = random.Next(4) == 0; // a camera on a tripod
        var camera = still ? default : Way(random);
        _scene.Layers.Add(Background(random, camera, still, time));
        int layers = random.Next(configuration.MinimumLayers, configuration.MaximumLayers + 1);
        for (int i = 0; i < layers; i++)
        {
            _scene.Layers.Add(Piece(random, camera, i));
        }

        _scene.Brightening = random.NextDouble() < configuration.BrightnessShare ? configuration.BrightnessChange * Signed(random) : 0;
        return _scene;
    }

    private SceneLayer Background(Random random, (double X, double Y) camera, bool still, double time)
    {
        double blur = random.NextDouble() < configuration.BlurShare ? 1.5 + random.NextDouble() : 1;
        MotionPath path = Path(random, (_width / 2.0, _width / 2.0), camera, angle: 0.35 * Signed(random), scale: blur * Math.Pow(1.25, Signed(random)), still);
        Photo photo = photos.Photos[random.Next(photos.Photos.Count)];
        var seen = Seen(path, time);
        int index = random.Next(photo.Levels.Count);
        while (index > 0 && (photo.Levels[index].Width < seen.Right - seen.Left || photo.Levels[index].Height < seen.Bottom - seen.Top))
        {
            index--; // too small a picture for so much motion
        }

        Texture texture = photos[photo.Levels[index]];
        double roomX = texture.Width - (seen.Right - seen.Left), roomY = texture.Height - (seen.Bottom - seen.Top);
        (double X, double Y) best = default;
        long most = -1;
        for (int i = 0; i < Places; i++)
        {
            // Whole numbers: a background that only shifts by whole samples is then not filtered at all.
            double x = Math.Floor(roomX * (roomX > 0 ? random.NextDouble() : 0.5) - seen.Left),
                y = Math.Floor(roomY * (roomY > 0 ? random.NextDouble() : 0.5) - seen.Top);
            long contrast = Contrast(texture, (int)(x + seen.Left), (int)(y + seen.Top), (int)(seen.Right - seen.Left), (int)(seen.Bottom - seen.Top));
            (best, most) = contrast > most ? ((x, y), contrast) : (best, most);
        }

        return new SceneLayer(texture, best, path);
    }

    private SceneLayer Piece(Random random, (double X, double Y) camera, int index)
    {
        double blur = random.NextDouble() < configuration.BlurShare ? 1.5 + random.NextDouble() : 1;
        double extent = _width * Math.Pow(8, random.NextDouble() - 1), aspect = Math.Pow(2, 1.5 * Signed(random)); // an eighth of the picture to all of it
        Photo photo = photos.Photos[random.Next(photos.Photos.Count)];
        Texture source = photos[photo.Levels[random.Next(photo.Levels.Count)]];
        int width = Math.Clamp((int)(extent * Math.Sqrt(aspect) / blur), 8, Math.Min(source.Width, _width));
        int height = Math.Clamp((int)(extent / Math.Sqrt(aspect) / blur), 8, Math.Min(source.Height, _width));
        (int X, int Y) best = default;
        long most = -1;
        for (int i = 0; i < Places; i++)
        {
            int x = random.Next(source.Width - width + 1), y = random.Next(source.Height - height + 1);
            long contrast = Contrast(source, x, y, width, height);
            (best, most) = contrast > most ? ((x, y), contrast) : (best, most);
        }

        Texture texture = Memory(index, width, height);
        Cut(source, best.X, best.Y, random.Next(Mask.Count), texture);
        var own = random.Next(8) == 0 ? default : Way(random); // now and then a part of the background
        double limit = configuration.MaximumMotion * _unit, wayX = camera.X + own.X, wayY = camera.Y + own.Y;
        double excess = Math.Max(1, Math.Sqrt(wayX * wayX + wayY * wayY) / limit);
        MotionPath path = Path(
            random, (_width * random.NextDouble(), _width * random.NextDouble()), (wayX / excess, wayY / excess),
            angle: Math.PI * Signed(random), scale: blur * Math.Pow(1.25, Signed(random)), still: false);
        return new SceneLayer(texture, (width / 2.0, height / 2.0), path);
    }

    // Turns, changes of size and tilts happen to half of the layers each and are small more often than large.
    private MotionPath Path(Random random, (double X, double Y) middle, (double X, double Y) way, double angle, double scale, bool still)
    {
        double bend = configuration.Acceleration * Signed(random);
        double turn = Rare(configuration.Rotation * Math.PI / 180), growth = Rare(Math.Log(configuration.Zoom));
        double tilt = configuration.Perspective / (64 * _unit);
        return new MotionPath(
            new Course(middle.X, way.X, bend * way.X),
            new Course(middle.Y, way.Y, bend * way.Y),
            new Course(angle, turn, bend * turn),
            new Course(Math.Log(scale), growth, bend * growth),
            new Course(Rare(tilt), Rare(tilt / 2)),
            new Course(Rare(tilt), Rare(tilt / 2)));

        double Rare(double limit)
        {
            double value = Signed(random);
            bool happens = random.Next(2) == 0 && !still;
            return happens ? limit * value * Math.Abs(value) : 0;
        }
    }

    private (double X, double Y) Way(Random random)
    {
        double share = Math.Pow(random.NextDouble(), configuration.MotionCurve);
        double length = _unit * configuration.MinimumMotion * Math.Pow(configuration.MaximumMotion / configuration.MinimumMotion, share);
        var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
        return (length * cos, length * sin);
    }

    // The part of a background's plane, its anchor at the origin, that is seen at the times 0, ½, 1, and one more.
    private (double Left, double Top, double Right, double Bottom) Seen(in MotionPath path, double time)
    {
        var seen = (Left: double.MaxValue, Top: double.MaxValue, Right: double.MinValue, Bottom: double.MinValue);
        foreach (double at in (ReadOnlySpan<double>)[0, 0.5, 1, time])
        {
            Homography map = path.At(at).Inverse();
            for (int corner = 0; corner < 4; corner++)
            {
                var (x, y) = map.Map((corner & 1) * _width, (corner >> 1) * _width);
                seen = (Math.Min(seen.Left, x), Math.Min(seen.Top, y), Math.Max(seen.Right, x), Math.Max(seen.Bottom, y));
            }
        }

        return (Math.Floor(seen.Left) - 1, Math.Floor(seen.Top) - 1, Math.Ceiling(seen.Right) + 1, Math.Ceiling(seen.Bottom) + 1);
    }

    // Differences of green over four pixels, on a grid of 12×12.
    private static long Contrast(Texture texture, int left, int top, int width, int height)
    {
        const int Grid = 12, Reach = 4;
        long sum = 0;
        for (int i = 0; i < Grid * Grid; i++)
        {
            int x = Math.Clamp(left + width * (i % Grid) / Grid, 0, texture.Width - Reach - 1);
            int y = Math.Clamp(top + height * (i / Grid) / Grid, 0, texture.Height - Reach - 1);
            int here = texture.At(x, y)[1];
            sum += Math.Abs(here - texture.At(x + Reach, y)[1]) + Math.Abs(here - texture.At(x, y + Reach)[1]);
        }

        return sum;
    }

    private static void Cut(Texture source, int left, int top, int index, Texture target)
    {
        ReadOnlySpan<byte> mask = Mask.Get(index);
        byte* plain = stackalloc byte[Texture.PixelLength];
        new Span<byte>(plain, Texture.PixelLength).Fill(Mask.Colour(index) ?? 0);
        int step = Mask.Colour(index) is null ? Texture.PixelLength : 0;
        for (int y = 0; y < target.Height; y++)
        {
            byte* from = step == 0 ? plain : source.At(left, top + y), to = target.At(0, y);
            int line = y * (Mask.Size - 1) * 256 / (target.Height - 1), lower = line & 255, row = Math.Min(line >> 8, Mask.Size - 2) * Mask.Size;
            for (int x = 0; x < target.Width; x++, from += step, to += Texture.PixelLength)
            {
                int column = x * (Mask.Size - 1) * 256 / (target.Width - 1), right = column & 255, i = row + Math.Min(column >> 8, Mask.Size - 2);
                int above = mask[i] * (256 - right) + mask[i + 1] * right, below = mask[i + Mask.Size] * (256 - right) + mask[i + Mask.Size + 1] * right;
                int alpha = (above * (256 - lower) + below * lower + (1 << 15)) >> 16;
                to[0] = (byte)((from[0] * alpha + 127) / 255);
                to[1] = (byte)((from[1] * alpha + 127) / 255);
                to[2] = (byte)((from[2] * alpha + 127) / 255);
                to[3] = (byte)alpha;
            }
        }
    }

    private Texture Memory(int index, int width, int height)
    {
        while (_memory.Count <= index)
        {
            _memory.Add(new PinnedPixels(_width * _width));
        }

        return new Texture(_memory[index].Pointer, width, height);
    }

    private static double Signed(Random random) => 2 * random.NextDouble() - 1;
}
