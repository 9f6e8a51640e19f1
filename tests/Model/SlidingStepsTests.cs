using AdaConv.Engine;
using AdaConv.Tests.Support.Networks;
using Xunit;

namespace AdaConv.Model.Tests;

public sealed unsafe class SlidingStepsTests
{
    private static readonly NetworkConfiguration Small = EngineNetworkTests.Small with { BlockResiduals = [1, 2], HeadResiduals = 2, KernelSize = 9 };

    public static TheoryData<int, int, int, string> Programs => new()
    {
        { 320, 1040, 1, "high" }, { 64, 320, 3, "other time" }, { 96, 640, 2, "bent" }, { 80, 368, 2, "motion" }, { 64, 400, 2, "smooth" },
        { 64, 416, 2, "half size" }, { 128, 416, 1, "paper" }, { 64, 32, 2, "small" }, { 64, 320, 1, "scalar" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Some_rows_at_a_time_give_the_bits_of_whole_steps_and_are_chosen_where_that_saves_memory(int width, int height, int threads, string what)
    {
        NetworkConfiguration configuration = what switch
        {
            "paper" => NetworkConfiguration.Paper with { KernelSize = 5 },
            "half size" => Small with { InputScale = 2 },
            _ => Small with { KnowsTime = true, Sampling = WarpSampling.Cubic },
        };
        EngineOptions options = new(what == "scalar" ? KernelLevel.Scalar : null, threads);
        using EngineWeights weights = new(RandomNetwork.Of(configuration, size: 0.3), options);
        ProgramKind kind = new(new(width, height, 3, SamplesAreColours: true, Depth: 0), IsBent: what == "bent", FindsMotion: what == "motion");
        FrameMaking making = new(Synthesis.Convolution, what is "smooth" or "paper" ? Grain.Smooth : Grain.Keep);
        EngineProgram whole = Write(SlidingChoice.None), sliding = Write(SlidingChoice.All), chosen = Write(SlidingChoice.WhereItSaves);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", new[] { whole, sliding, chosen }.Select(program => $"{program.Steps.Count} steps, {program.Floats} floats")));
        Assert.Equal(what != "small", sliding.Steps.Count > whole.Steps.Count);
        Assert.Equal(Run(whole, kind, what), Run(sliding, kind, what));
        double products = whole.Steps.Sum(step => step.MultiplyAdds);
        Assert.Equal(products, sliding.Steps.Sum(step => step.MultiplyAdds), 1e-6 * products);
        Assert.InRange(chosen.Floats, 1, chosen.Steps.Count > whole.Steps.Count ? Math.Min(sliding.Floats, whole.Floats * 9 / 10) : whole.Floats);
        Assert.Equal(what == "high", chosen.Steps.Count > whole.Steps.Count);

        EngineProgram Write(SlidingChoice choice) => EngineProgram.Write(weights, kind, making, options, choice);
    }

    private static float[] Run(EngineProgram program, in ProgramKind kind, string what)
    {
        TileShape shape = kind.Shape;
        using FloatBuffer arena = new(), planes = new();
        float* memory = arena.Take(program.Floats), frames = planes.Take(shape.InputPlanes * shape.PlaneLength);
        new Span<float>(memory, checked((int)program.Floats)).Fill(float.NaN); // whatever was there before
        Random random = new(7);
        for (long i = 0; i < shape.InputPlanes * shape.PlaneLength; i++)
        {
            frames[i] = random.NextSingle();
        }

        float[] bend = [.. Enumerable.Range(0, 2 * (shape.Width / 8) * (shape.Height / 8)).Select(_ => random.NextSingle() - 0.5f)];
        FramePair colours = FramePair.Of(frames, 3, shape);
        fixed (float* bent = bend)
        {
            program.Prepare(memory, colours, colours, [0.4f, 0.5f, 0.6f], what == "other time" ? 0.3 : 0.5, what == "bent" ? bent : null);
            TileResult result = program.Run(memory, default);
            if (kind.FindsMotion)
            {
                float[] found = new float[program.FoundFloats];
                fixed (float* kept = found)
                {
                    program.KeepFound(memory, kept);
                }

                return found;
            }

            int length = checked((int)shape.PlaneLength);
            float[] extent = result.Motion is null ? [] : new ReadOnlySpan<float>(result.Motion, length).ToArray();
            return [.. new ReadOnlySpan<float>(result.Samples, 3 * length), .. extent];
        }
    }
}
