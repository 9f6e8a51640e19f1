namespace AdaConv.Conversion.Verification;

/// <summary>How much later than promised all of an output is shown, as the pictures of its beginning say.</summary>
internal static class TimeShift
{
    // What an original counts that no frame of the output stands for; and by how much another shift must fit better than that of the first frame.
    private const double Missing = 40, Better = 0.6, Clearly = 1;

    /// <summary>Finds the shift.</summary>
    /// <param name="promised">The first promised frames.</param>
    /// <param name="found">The first frames of the output, and some more.</param>
    /// <param name="rounding">Nanoseconds that the output's clock may be off.</param>
    /// <returns>
    /// Nanoseconds. Where hardly anything moves, any shift fits: then it is that by which the first frame is the first one promised.
    /// </returns>
    public static long Find(IReadOnlyList<PromisedFrame> promised, IReadOnlyList<FoundFrame> found, long rounding)
    {
        PromisedFrame[] originals = [.. promised.Where(frame => frame.Kind == PromisedPicture.Original)];
        FoundFrame[] timed = [.. found.Where(frame => frame.Time is not null)];
        if (originals.Length == 0 || timed.Length == 0)
        {
            return 0;
        }

        long best = originals.Take(2).SelectMany(original => timed.Select(frame => frame.Time!.Value - original.Time))
            .OrderBy(Math.Abs).MinBy(shift => Misfit(originals, timed, shift));
        long first = timed[0].Time!.Value - promised[0].Time, usual = Math.Abs(first) <= rounding ? 0 : first;
        long shift = Misfit(originals, timed, best) < (Better * Misfit(originals, timed, usual)) - Clearly ? best : usual;

        // The beginning of a file may be rounded more coarsely than its frames.
        long[] late = [.. promised.Select(frame => (Frame: frame, Near: Nearest(timed, frame.Time + shift)))
            .Where(pair => pair.Near is not null && IsAt(pair.Near, pair.Frame, shift))
            .Select(pair => pair.Near!.Time!.Value - pair.Frame.Time).Order()];
        return late.Length == 0 || (shift == 0 && late.All(time => Math.Abs(time) <= rounding)) ? shift : late[late.Length / 2];
    }

    private static double Misfit(PromisedFrame[] originals, FoundFrame[] found, long shift) => originals.Average(
        original => Nearest(found, original.Time + shift) is { } near && IsAt(near, original, shift) ? near.Picture.DifferenceFrom(original.Earlier) : Missing);

    private static bool IsAt(FoundFrame found, in PromisedFrame promised, long shift) =>
        Math.Abs(found.Time!.Value - promised.Time - shift) <= promised.Length / 2;

    private static FoundFrame? Nearest(FoundFrame[] found, long time) => found.MinBy(frame => Math.Abs(frame.Time!.Value - time));
}
