using AdaConv.Training.Data;
using AdaConv.Training.Data.Files;
using Xunit;

namespace AdaConv.Training.Tests.Data;

public sealed class TripletRulesTests
{
    [Theory]
    [InlineData(TripletVerdict.Usable, 3, 3)]
    [InlineData(TripletVerdict.Usable, 1, 4)]
    [InlineData(TripletVerdict.Uneven, 1, 4.1f)]
    [InlineData(TripletVerdict.Still, 0.2f, 0.7f)]
    [InlineData(TripletVerdict.Cut, 3, 40)]
    [InlineData(TripletVerdict.Usable, 30, 40)] // fast, not cut
    public void Two_differences_make_a_verdict(TripletVerdict verdict, float before, float after) =>
        Assert.Equal(verdict, TripletRules.Judge([before, after], 1, 1));

    [Fact]
    public void A_cut_stands_out_from_both_neighbours()
    {
        Assert.True(TripletRules.IsCut([2, 40, 3], 1));
        Assert.False(TripletRules.IsCut([2, 40, 20], 1)); // a flash, or a pan that begins
        Assert.False(TripletRules.IsCut([1, 11, 1], 1));
    }

    [Theory]
    [InlineData(TripletVerdict.Usable, 0, 4)]
    [InlineData(TripletVerdict.Uneven, 0, 5)] // the last interval is five times as long as the first
    [InlineData(TripletVerdict.Uneven, 2, 3)]
    [InlineData(TripletVerdict.Still, 3, 3)]
    public void A_span_is_usable_where_its_frames_follow_evenly(TripletVerdict verdict, int first, int intervals) =>
        Assert.Equal(verdict, TripletRules.JudgeSpan([2, 3, 2, 4, 10, 0.1f], first, intervals));

    [Fact]
    public void Repeated_frames_spoil_neighbours_but_not_a_stride_of_two()
    {
        float[] differences = [3, 0, 3, 0, 3, 0];
        Assert.All([1, 2, 3, 4, 5], middle => Assert.Equal(TripletVerdict.Still, TripletRules.Judge(differences, middle, 1)));
        Assert.All([2, 3, 4], middle => Assert.Equal(TripletVerdict.Usable, TripletRules.Judge(differences, middle, 2)));
    }
}
