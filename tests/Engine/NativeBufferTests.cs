namespace AdaConv.Engine.Tests;

/// <summary>The guards themselves: a test whose guards see nothing would pass on any overrun.</summary>
public sealed unsafe class NativeBufferTests
{
    [Theory]
    [InlineData(5, false)]
    [InlineData(1024, true)]
    public void Writes_beside_the_data_are_seen(int length, bool guardStart)
    {
        using var buffer = new NativeBuffer(length, guardStart);
        buffer.AssertIntact();
        // The other side may be the unreadable page.
        int beside = guardStart ? length : -1;
        buffer.Data[beside] = 0;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(buffer.AssertIntact);
    }
}
