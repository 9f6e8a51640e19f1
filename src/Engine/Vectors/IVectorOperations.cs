namespace AdaConv.Engine.Vectors;

/// <summary>
/// What the kernels ask of a vector of floats. The kernels are written once over it; the compiler makes one specialised
/// body for each implementation, with no call left in it.
/// </summary>
internal unsafe interface IVectorOperations<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector; a power of two, 16 at most.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(float value);

    /// <summary>0, 1, 2 …</summary>
    static abstract TVector Ramp { get; }

    static abstract TVector Load(float* source);

    /// <summary>Asks for the line at an address, which need not be valid.</summary>
    static abstract void Prefetch(float* source);

    static abstract void Store(TVector vector, float* target);

    /// <summary>The first <paramref name="count"/> values, all when there are as many; the rest is 0 and its memory not read.</summary>
    static abstract TVector Load(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> values, all when there are as many.</summary>
    static abstract void Store(TVector vector, float* target, int count);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector SquareRoot(TVector a);

    /// <summary>a·b + c, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>c − a·b, rounded once where the processor can.</summary>
    static abstract TVector NegatedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Rounds toward zero.</summary>
    static abstract TVector Truncate(TVector a);

    /// <summary>2ⁿ for whole numbers from −126 to 127.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The least of its values, none of which may be not a number.</summary>
    static abstract float Least(TVector a);

    /// <summary>The largest of its values, none of which may be not a number.</summary>
    static abstract float Largest(TVector a);

    /// <summary><paramref name="a"/>, but 0 where it is negative or not a number and <paramref name="maximum"/> where it is
    /// above.</summary>
    static abstract TVector ClampFromZero(TVector a, TVector maximum);

    /// <summary><paramref name="value"/> where 0 &lt; <paramref name="a"/> &lt; <paramref name="maximum"/>, else 0.</summary>
    static abstract TVector WhereInside(TVector a, TVector maximum, TVector value);

    /// <summary><paramref name="chosen"/> where |<paramref name="a"/>| is below the limit, else <paramref name="other"/>.</summary>
    static abstract TVector WhereSmall(TVector a, TVector limit, TVector chosen, TVector other);

    /// <summary>The last value before, then all but the last of the current.</summary>
    static abstract TVector ShiftUp(TVector previous, TVector current);

    /// <summary>All but the first of the current, then the first value after.</summary>
    static abstract TVector ShiftDown(TVector current, TVector next);

    /// <summary>a₀ b₀ a₁ b₁ …</summary>
    static abstract void Interleave(TVector a, TVector b, out TVector first, out TVector second);

    /// <summary>The inverse of <see cref="Interleave"/>.</summary>
    static abstract void Deinterleave(TVector first, TVector second, out TVector even, out TVector odd);

    /// <summary>row·width + column, as integers.</summary>
    static abstract void StoreOffsets(TVector row, TVector column, int width, int* target);

    /// <summary>The values at so many offsets from the source.</summary>
    static abstract TVector Gather(float* source, int* offsets);

    /// <summary>The four values from each of so many offsets on: all first ones, all second ones and so on.</summary>
    static abstract void LoadFours(float* source, int* offsets, out TVector first, out TVector second, out TVector third, out TVector fourth);

    /// <summary>Whether all values are at least the least and at most the most.</summary>
    static abstract bool AreBetween(TVector a, TVector least, TVector most);

    /// <summary>Rounds both to bfloat16 (see <see cref="BFloat16Bits"/>) and writes the first <paramref name="count"/> pairs, the first vector's
    /// values in the lower halves.</summary>
    static abstract void StorePairs(TVector low, TVector high, uint* target, int count);

    /// <summary>The first <paramref name="count"/> pairs of bfloat16 values; the rest is 0 and its memory not read.</summary>
    static abstract void LoadPairs(uint* source, int count, out TVector low, out TVector high);
}
