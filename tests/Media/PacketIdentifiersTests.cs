using AdaConv.Media.Encoding;

namespace AdaConv.Media.Tests;

/// <summary>Which numbers of streams a transport stream takes as they are.</summary>
public sealed class PacketIdentifiersTests
{
    [Theory]
    [InlineData(new[] { 0x100, 0x101 }, false, true)]
    [InlineData(new[] { 0x20, 0x1ffa }, false, true)]
    [InlineData(new[] { 0x1011, 0x1100 }, true, true)]
    [InlineData(new[] { 0x100, 0x1100 }, true, false)] // a disc's table of the streams
    [InlineData(new[] { 0x1000, 0x101 }, false, false)] // that of others
    [InlineData(new[] { 0x101, 0x102, 0x101 }, false, false)]
    [InlineData(new[] { 0x1f, 0x101 }, false, false)]
    [InlineData(new[] { 0x101, 0x1ffb }, false, false)]
    [InlineData(new[] { 0, 1 }, false, false)] // another kind of container counts from 0
    public void Identifiers_are_kept_where_none_is_taken(int[] ids, bool isDisc, bool areKept) =>
        Assert.Equal(areKept, PacketIdentifiers.CanBeKept(ids, isDisc));
}
