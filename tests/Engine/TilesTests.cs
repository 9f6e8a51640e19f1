namespace AdaConv.Engine.Tests;

public sealed class TilesTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 1)]
    [InlineData(7, 16)]
    [InlineData(5000, 3)]
    public void Each_tile_is_done_once_and_all_are_done_when_the_call_returns(int count, int threads)
    {
        int[] done = new int[count];
        Tiles.Run(count, threads, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Operations_that_follow_one_another_at_once_never_mix()
    {
        // A helper that comes late to one finds it finished, whatever the next one does.
        for (int round = 0; round < 20_000; round++)
        {
            int sum = 0, value = round;
            Tiles.Run(3, 3, i => Interlocked.Add(ref sum, value + i));
            Assert.Equal(3 * value + 3, sum);
        }
    }

    [Fact]
    public async Task Several_callers_are_helped_side_by_side_and_tiles_may_have_tiles()
    {
        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                int[] done = new int[8 * 5];
                Tiles.Run(8, 3, outer => Tiles.Run(5, 2, inner => Interlocked.Increment(ref done[outer * 5 + inner])));
                Assert.All(done, times => Assert.Equal(1, times));
            }
        }))];
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_tile_throws_reaches_the_caller_and_the_next_operation_is_as_ever(int threads)
    {
        for (int round = 0; round < 100; round++)
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(
                () => Tiles.Run(50, threads, i => { if (i == 20) throw new InvalidOperationException("tile 20"); }));
            Assert.Equal("tile 20", error.Message);
            int done = 0;
            Tiles.Run(50, threads, _ => Interlocked.Increment(ref done));
            Assert.Equal(50, done);
        }
    }
}
