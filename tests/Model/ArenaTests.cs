using Xunit;

namespace AdaConv.Model.Tests;

public sealed class ArenaTests
{
    [Fact]
    public void Planes_that_are_needed_at_the_same_time_never_overlap()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            List<EnginePlanes> planes = [];
            for (int step = -1; step < 30; step++)
            {
                EnginePlanes made = new(random.Next(1, 9), random.Next(1, 9), random.Next(1, 9), isActivations: random.Next(2) == 0)
                {
                    Made = step,
                    LastUse = step + random.Next(6),
                };
                planes.Add(made);
            }

            long floats = Arena.Place(planes);
            Assert.True(floats <= planes.Sum(made => (made.Floats + 15) / 16 * 16), "more than one place for each");
            foreach (EnginePlanes one in planes)
            {
                Assert.InRange(one.Offset, 0, floats - one.Floats);
                Assert.Equal(0, one.Offset % 16);
                foreach (EnginePlanes other in planes.Where(other => other != one && other.Made >= one.Made && other.Made <= one.LastUse))
                {
                    Assert.True(other.Offset >= one.Offset + one.Floats || one.Offset >= other.Offset + other.Floats, $"round {round}");
                }
            }
        }
    }

    [Fact]
    public void A_result_may_take_the_place_of_what_is_used_for_the_last_time()
    {
        EnginePlanes added = new(2, 8, 8, isActivations: false) { Made = 0, LastUse = 1 };
        EnginePlanes inPlace = new(2, 8, 8, isActivations: false) { Made = 1, LastUse = 2, MayReplace = added };
        EnginePlanes still = new(2, 8, 8, isActivations: false) { Made = 2, LastUse = 3, MayReplace = added };
        Assert.Equal(2 * 2 * 64, Arena.Place([added, inPlace, still]));
        Assert.Equal(added.Offset, inPlace.Offset);
        Assert.NotEqual(inPlace.Offset, still.Offset);
    }
}
