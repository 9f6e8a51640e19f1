using AdaConv.Engine.Search;
using CsCheck;

namespace AdaConv.Engine.Tests;

public sealed unsafe class MotionSearchTests
{
    private static readonly SearchCriteria[] s_criteria = [SearchCriteria.Coarsest, SearchCriteria.Finer, SearchCriteria.Whole];

    [Fact]
    public void Displacements_of_a_time_are_listed_once()
    {
        KnownMoves moves = new(radius: 2);
        SearchMoves early = moves.Of(0.25f);
        Assert.Same(early, moves.Of(0.25f));
        Assert.Equal(0.25f, early.Time);
        for (int i = 0; i < 100; i++) // more than are kept
        {
            Assert.Equal(i / 100f, moves.Of(i / 100f).Time);
        }

        Assert.Equal(early.All, moves.Of(0.25f).All);
    }

    [Fact]
    public void Every_level_gives_the_reference_s_bits_at_random_sizes_times_and_guards()
    {
        int foundInAll = 0;
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[1, 5], Gen.Float[0, 1], Gen.Bool, Gen.Bool, Gen.Int).Sample(
            (planes, rows, columns, radius, time, guardStart, fitsElsewhere, seed) =>
            {
                SearchShape shape = new(planes, 4 * rows, 4 * columns, radius) { Criteria = s_criteria[Math.Abs(seed % 3)] };
                Random random = new(seed);
                int length = 2 * planes * shape.Height * shape.Width;
                float[] frames = Moved(random, shape, random.Next(-radius, radius + 1), random.Next(-radius, radius + 1));
                using NativeBuffer pair = NativeBuffer.From(frames, guardStart);
                float[] seen = [.. frames.Select(value => value + 0.1f * random.NextSingle())];
                if (fitsElsewhere)
                {
                    FitOutside(seen, shape, random.Next(rows), random.Next(columns));
                }

                using NativeBuffer warped = NativeBuffer.From(seen, guardStart);
                float[]? expected = null;
                foreach (KernelLevel level in Levels.All)
                {
                    foreach (int threads in (int[])[1, 3])
                    {
                        using NativeBuffer found = new(3 * rows * columns, guardStart), scratch = new((int)shape.ScratchFloats(threads), guardStart);
                        MotionSearch.Apply(shape, pair.Data, warped.Data, new(radius, time), found.Data, scratch.Data, new(level, threads));
                        found.AssertIntact();
                        scratch.AssertIntact();
                        expected ??= found.Span.ToArray();
                        Assert.Equal(expected, found.Span.ToArray());
                    }
                }

                Interlocked.Add(ref foundInAll, expected!.Count(value => value == 1));
            },
            iter: 40, threads: 1);
        Assert.True(foundInAll > 100, $"only {foundInAll} cells found anything");
    }

    [Fact]
    public void Sums_of_differences_find_what_warped_frames_find()
    {
        SearchShape shape = new(1, 48, 64, 5) { Criteria = SearchCriteria.Whole };
        float[] frames = Moved(new Random(6), shape, 2 * 3, 2 * -2), expected = Search(shape, frames, 0.5f);
        Assert.Contains(1, expected);
        int threads = EngineOptions.Default.ResolveThreads();
        using NativeBuffer pair = NativeBuffer.From(frames), found = new(3 * (int)shape.Cells), scratch = new((int)shape.ScratchFloats(threads));
        SearchMemory memory = new(shape, scratch.Data);
        using NativeBuffer sums = NativeBuffer.From([.. Enumerable.Range(0, (int)shape.Cells).Select(cell =>
        {
            float Column(int x) => Enumerable.Range(0, 4).Aggregate(0f, (sum, y) =>
            {
                int place = (cell / shape.Columns * 4 + y) * shape.Width + cell % shape.Columns * 4 + x;
                return sum + MathF.Abs(frames[place] - frames[48 * 64 + place]);
            });
            return Column(0) + Column(1) + (Column(2) + Column(3));
        })]);
        memory.TakeErrors(sums.Data);
        MotionSearch.Search(
            EngineOptions.Default.ResolveLevel(), new WholePair(1, 48, 64, pair.Data), new(5, 0.5f), memory, found.Data, threads);
        Assert.Equal(expected, found.Span.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 15)]
    [InlineData(12, 16)]
    [InlineData(23, 33)]
    public void Where_frames_differ_in_one_place_that_place_finds_what_it_finds_where_they_differ_everywhere(int row, int column)
    {
        SearchShape shape = new(1, 96, 136, 5);
        float[] frames = Moved(new Random(11), shape, 2 * 3, 2 * -2), seen = [.. frames];
        FitOutside(seen, shape, row, column);
        float[] all = Search(shape, frames, 0.5f), some = Search(shape, frames, 0.5f, seen);
        Assert.Contains(1, some);
        for (int cell = 0; cell < shape.Cells; cell++)
        {
            int away = Math.Max(Math.Abs(cell / shape.Columns - row), Math.Abs(cell % shape.Columns - column));
            Assert.Equal(away <= 1 ? all[cell] : away > 4 ? 0 : some[cell], some[cell]); // near the edge of what differs it depends
        }
    }

    [Theory]
    [InlineData(3, -2, 0.5f)]
    [InlineData(-4, 4, 0.5f)]
    [InlineData(2, 4, 0.25f)]
    [InlineData(-4, 2, 0.75f)]
    public void A_texture_that_moves_as_a_whole_is_found(int x, int y, float time)
    {
        SearchShape shape = new(3, 48, 64, 5);
        int firstX = (int)(2 * time * x), firstY = (int)(2 * time * y);
        float[] found = Search(shape, Moved(new Random(5), shape, 2 * x - firstX, 2 * y - firstY, firstX, firstY), time);
        for (int row = 3; row < shape.Rows - 3; row++)
        {
            for (int column = 3; column < shape.Columns - 3; column++)
            {
                int cell = row * shape.Columns + column;
                Assert.Equal((1, x, y), (found[cell], found[shape.Cells + cell], found[2 * shape.Cells + cell]));
            }
        }
    }

    [Fact]
    public void Frames_that_fit_already_are_left_alone_even_where_another_displacement_fits_as_well()
    {
        SearchShape shape = new(1, 32, 32, 4);
        float[] stripes = [.. Enumerable.Range(0, 2 * 32 * 32).Select(i => i % 4 < 2 ? 0.2f : 0.8f)]; // every four pixels the same again
        Assert.All(Search(shape, stripes, 0.5f), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_repeated_texture_that_fits_at_several_displacements_is_left_alone()
    {
        SearchShape shape = new(1, 64, 64, 8);
        float[] bars = [.. Enumerable.Range(0, 2 * 64 * 64).Select(i => (i % 64 + (i < 64 * 64 ? 0 : 5)) % 10 < 5 ? 0.2f : 0.8f)]; // by half a bar and its gap
        Assert.All(Search(shape, bars, 0.5f), value => Assert.Equal(0, value));
        Random random = new(3);
        float[] noise = [.. Enumerable.Range(0, 80 * 64).Select(_ => random.NextSingle())];
        float[] once = [.. Enumerable.Range(0, 2 * 64 * 64).Select(i => noise[i / 64 % 64 * 80 + i % 64 + (i < 64 * 64 ? 0 : 6)])];
        Assert.Contains(Search(shape, once, 0.5f), value => value == 1);
    }

    [Fact]
    public void Noise_that_fits_nowhere_is_left_alone()
    {
        SearchShape shape = new(3, 64, 64, 6);
        Random random = new(9);
        float[] found = Search(shape, [.. Enumerable.Range(0, 6 * 64 * 64).Select(_ => random.NextSingle())], 0.5f);
        Assert.All(found, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sizes_times_and_memory_that_cannot_be_are_refused()
    {
        using NativeBuffer buffer = new(20_000);
        SearchMoves moves = new(1, 0.5f);
        void Apply(SearchShape shape, float* scratch) => MotionSearch.Apply(shape, buffer.Data, buffer.Data, moves, buffer.Data, scratch);
        Assert.Throws<ArgumentException>(() => Apply(new(1, 6, 4, 1), buffer.Data));
        Assert.Throws<ArgumentException>(() => Apply(new(1, 4, 6, 1), buffer.Data));
        Assert.Throws<ArgumentException>(() => Apply(new(1, 4, 4, 2), buffer.Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => Apply(new(0, 4, 4, 1), buffer.Data));
        Assert.Throws<ArgumentNullException>(() => Apply(new(1, 4, 4, 1), null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchMoves(17, 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchMoves(1, 1.5f));
    }

    // Nothing is known of the motion: the warped frames are the frames.
    private static float[] Search(SearchShape shape, float[] frames, float time, float[]? seen = null)
    {
        using NativeBuffer pair = NativeBuffer.From(frames), warped = NativeBuffer.From(seen ?? frames);
        using NativeBuffer found = new(3 * (int)shape.Cells), scratch = new((int)shape.ScratchFloats(EngineOptions.Default.ResolveThreads()));
        MotionSearch.Apply(shape, pair.Data, warped.Data, new(shape.Radius, time), found.Data, scratch.Data);
        return found.Span.ToArray();
    }

    // Frames that differ near one cell, up to three cells away, and nowhere else.
    private static void FitOutside(float[] frames, SearchShape shape, int row, int column)
    {
        int half = frames.Length / 2;
        for (int i = 0; i < half; i++)
        {
            int x = i % shape.Width / MotionSearch.Cell, y = i / shape.Width % shape.Height / MotionSearch.Cell;
            if (Math.Max(Math.Abs(x - column), Math.Abs(y - row)) > 3)
            {
                frames[half + i] = frames[i];
            }
        }
    }

    // A texture: the first frame's lies further by a way, the second's by another against it.
    private static float[] Moved(Random random, SearchShape shape, int secondX, int secondY, int firstX = 0, int firstY = 0)
    {
        int margin = 12, width = shape.Width + 2 * margin, height = shape.Height + 2 * margin;
        float[] texture = [.. Enumerable.Range(0, shape.Planes * width * height).Select(_ => random.NextSingle())];
        float[] frames = new float[2 * shape.Planes * shape.Height * shape.Width];
        for (int i = 0; i < frames.Length; i++)
        {
            int x = i % shape.Width, y = i / shape.Width % shape.Height, plane = i / (shape.Width * shape.Height);
            var (alongX, alongY) = plane < shape.Planes ? (-firstX, -firstY) : (secondX, secondY);
            frames[i] = texture[(plane % shape.Planes * height + y + alongY + margin) * width + x + alongX + margin];
        }

        return frames;
    }
}
