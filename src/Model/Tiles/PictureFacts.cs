using AdaConv.Engine;

namespace AdaConv.Model;

/// <summary>What is known of the last pictures: each belongs to two pairs, whose motion is found before they are predicted.</summary>
/// <typeparam name="T">What is known of one.</typeparam>
/// <param name="look">Finds it out.</param>
internal sealed class PictureFacts<T>(Func<PlanarFrame, T> look)
{
    private readonly (long Picture, T Facts)[] _known = new (long Picture, T Facts)[4];
    private int _turn;

    /// <summary>What is known of a frame's picture; one without a number is looked at each time.</summary>
    public T Of(PlanarFrame frame)
    {
        if (frame.Picture == 0)
        {
            return look(frame);
        }

        foreach (ref readonly var known in _known.AsSpan())
        {
            if (known.Picture == frame.Picture)
            {
                return known.Facts;
            }
        }

        T facts = look(frame);
        _known[_turn++ % _known.Length] = (frame.Picture, facts);
        return facts;
    }
}
