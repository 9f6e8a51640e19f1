using AdaConv.Training.Data.Synthesis;
using Xunit;

namespace AdaConv.Training.Tests.Data.Synthesis;

public sealed unsafe class SyntheticSceneTests
{
    private const int Size = 48, Samples = SceneCanvas.Samples;
    private readonly SceneCanvas _canvas = new(Size);
    private readonly List<PinnedPixels> _memory = [];

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-5, 2)]
    [InlineData(0, -7)]
    public void A_background_that_shifts_by_whole_pixels_is_the_same_picture_shifted(int right, int down)
    {
        SceneLayer background = Layer(Noise(220, 4), way: (2 * right, 2 * down));
        byte[] first = Render(0, background), middle = Render(0.5, background), second = Render(1, background);
        for (int plane = 0; plane < 3; plane++)
        {
            for (int y = 16; y < 32; y++)
            {
                for (int x = 16; x < 32; x++)
                {
                    Assert.Equal(At(middle, plane, x, y), At(first, plane, x - right, y - down));
                    Assert.Equal(At(middle, plane, x, y), At(second, plane, x + right, y + down));
                }
            }
        }
    }

    [Fact]
    public void A_picture_that_rests_is_its_own_area_average()
    {
        Texture texture = Noise(Samples * Size, 8);
        byte[] picture = Render(0.5, Layer(texture, way: (0, 0)));
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size - 1; x++)
            {
                int sum = texture.At(2 * x, 2 * y)[1] + texture.At(2 * x + 1, 2 * y)[1] + texture.At(2 * x, 2 * y + 1)[1] + texture.At(2 * x + 1, 2 * y + 1)[1];
                Assert.Equal((sum + 2) / 4, At(picture, 1, x, y), 1.0);
            }
        }
    }

    [Fact]
    public void What_is_nearer_hides_what_lies_behind()
    {
        SceneLayer background = Layer(Even(200, (200, 100, 50), 255), way: (8, 0));
        SceneLayer opaque = Layer(Even(40, (10, 20, 30), 255), way: (0, 0)), half = Layer(Even(20, (60, 60, 60), 128), way: (0, 0));
        byte[] picture = Render(0, background, opaque, half);
        Assert.Equal((200, 100, 50), Colour(picture, 4, 4));
        Assert.Equal((10, 20, 30), Colour(picture, Size / 2 - 8, Size / 2)); // of the 40 samples, 20 pixels, beside the 10 of the half transparent one
        Assert.Equal((35, 40, 45), Colour(picture, Size / 2, Size / 2)); // half of 60 and half of what lies behind
    }

    [Fact]
    public void The_middle_lies_on_the_accelerated_path()
    {
        // A square whose way is 16 pixels with a change of velocity of 8: at ½ it has not come to half of its way, by 1 pixel.
        var path = new Course(0, 16, 8);
        Assert.Equal(16, path.At(1) - path.At(0), 1e-9);
        Assert.Equal(-1, path.At(0.5) - (path.At(0) + path.At(1)) / 2, 1e-9);
        SceneLayer background = Layer(Even(200, (0, 0, 0), 255), way: (0, 0));
        SceneLayer square = Layer(Even(16, (255, 255, 255), 255), way: (16, 0), acceleration: 8);
        Assert.Equal([Size / 2 - 8 + 1, Size / 2, Size / 2 + 8 + 1], new[] { 0, 0.5, 1 }.Select(time => Middle(Render(time, background, square))));

        static int Middle(byte[] picture)
        {
            int[] bright = [.. Enumerable.Range(0, Size).Where(x => At(picture, 0, x, Size / 2) > 127)];
            return (bright[0] + bright[^1] + 1) / 2;
        }
    }

    [Fact]
    public void Brightness_changes_evenly_about_the_middle()
    {
        SceneLayer background = Layer(Even(200, (100, 100, 100), 255), way: (0, 0));
        Assert.Equal([90, 100, 110], new[] { 0, 0.5, 1 }.Select(time => (int)Render(time, 0.2, background)[77]));
    }

    [Fact]
    public void Maps_and_their_inverses_cancel_out()
    {
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            Homography map = Homography.Translation(100 * random.NextDouble(), -50) * Homography.Rotation(6 * random.NextDouble(), 0.5 + random.NextDouble())
                * Homography.Tilt(0.001 * random.NextDouble(), -0.001 * random.NextDouble());
            var (x, y) = map.Inverse().Map(map.Map(30, -20).X, map.Map(30, -20).Y);
            Assert.Equal(30, x, 1e-6);
            Assert.Equal(-20, y, 1e-6);
        }
    }

    private static byte At(byte[] planes, int plane, int x, int y) => planes[(plane * Size + y) * Size + x];

    private static (int R, int G, int B) Colour(byte[] planes, int x, int y) => (At(planes, 0, x, y), At(planes, 1, x, y), At(planes, 2, x, y));

    // A texture pixel a sample, in the middle of the picture at time ½; way and acceleration in pixels.
    private static SceneLayer Layer(Texture texture, (double X, double Y) way, double acceleration = 0) => new(
        texture,
        (texture.Width / 2, texture.Height / 2),
        new MotionPath(new Course(Samples * Size / 2, Samples * way.X, Samples * acceleration), new Course(Samples * Size / 2, Samples * way.Y),
            default, default, default, default));

    private byte[] Render(double time, params SceneLayer[] layers) => Render(time, 0, layers);

    private byte[] Render(double time, double brightening, params SceneLayer[] layers)
    {
        var scene = new SyntheticScene { Brightening = brightening };
        scene.Layers.AddRange(layers);
        byte[] planes = new byte[3 * Size * Size];
        scene.Render(_canvas, time, planes);
        return planes;
    }

    private Texture Noise(int size, int seed)
    {
        var random = new Random(seed);
        Texture texture = Even(size, default, 255);
        for (int i = 0; i < size * size; i++)
        {
            random.NextBytes(new Span<byte>(texture.Pixels + 4 * i, 3));
        }

        return texture;
    }

    private Texture Even(int size, (int R, int G, int B) colour, byte alpha)
    {
        _memory.Add(new PinnedPixels(size * size));
        var texture = new Texture(_memory[^1].Pointer, size, size);
        for (int i = 0; i < size * size; i++)
        {
            (texture.Pixels[4 * i], texture.Pixels[4 * i + 1], texture.Pixels[4 * i + 2]) =
                ((byte)(colour.R * alpha / 255), (byte)(colour.G * alpha / 255), (byte)(colour.B * alpha / 255));
            texture.Pixels[4 * i + 3] = alpha;
        }

        return texture;
    }
}
