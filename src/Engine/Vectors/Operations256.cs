using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaConv.Engine.Vectors;

/// <summary>8 floats; AVX2 and FMA.</summary>
internal readonly unsafe struct Operations256 : IVectorOperations<Vector256<float>>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static Vector256<float> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<float>.Zero;
    }

    public static Vector256<float> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Create(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* source) => Sse.Prefetch0(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int count) =>
        count >= Count ? Vector256.Load(source) : Avx.MaskLoad(source, First(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, float* target, int count)
    {
        if (count >= Count)
            vector.Store(target);
        else
            Avx.MaskStore(target, First(count), vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SquareRoot(Vector256<float> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NegatedMultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Avx.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Truncate(Vector256<float> a) => Avx.RoundToZero(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> PowerOfTwo(Vector256<float> n) => ((Avx.ConvertToVector256Int32(n) + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Avx.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector256<float> a) => Operations128.Least(Vector128.MinNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> a) => Operations128.Largest(Vector128.MaxNative(a.GetLower(), a.GetUpper()));

    // vmaxps answers its second operand where the first is not a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ClampFromZero(Vector256<float> a, Vector256<float> maximum) =>
        Avx.Min(Avx.Max(a, Vector256<float>.Zero), maximum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WhereInside(Vector256<float> a, Vector256<float> maximum, Vector256<float> value) =>
        Vector256.GreaterThan(a, Vector256<float>.Zero) & Vector256.LessThan(a, maximum) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WhereSmall(Vector256<float> a, Vector256<float> limit, Vector256<float> chosen,
        Vector256<float> other) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(a), limit), chosen, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ShiftUp(Vector256<float> previous, Vector256<float> current)
    {
        Vector256<float> between = Avx.Permute2x128(previous, current, 0x21);
        return Avx2.AlignRight(current.AsByte(), between.AsByte(), 12).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ShiftDown(Vector256<float> current, Vector256<float> next)
    {
        Vector256<float> between = Avx.Permute2x128(current, next, 0x21);
        return Avx2.AlignRight(between.AsByte(), current.AsByte(), 4).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector256<float> a, Vector256<float> b, out Vector256<float> first, out Vector256<float> second)
    {
        Vector256<float> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
        first = Avx.Permute2x128(low, high, 0x20);
        second = Avx.Permute2x128(low, high, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(Vector256<float> first, Vector256<float> second, out Vector256<float> even, out Vector256<float> odd)
    {
        Vector256<float> low = Avx.Permute2x128(first, second, 0x20), high = Avx.Permute2x128(first, second, 0x31);
        even = Avx.Shuffle(low, high, 0b10_00_10_00);
        odd = Avx.Shuffle(low, high, 0b11_01_11_01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOffsets(Vector256<float> row, Vector256<float> column, int width, int* target) =>
        (Avx.ConvertToVector256Int32(row) * width + Avx.ConvertToVector256Int32(column)).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* source, int* offsets) => Avx2.GatherVector256(source, Vector256.Load(offsets),
        sizeof(float));

    // A load for each offset, and a transposition of 4×4 in each half, instead of four gathers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(
        float* source, int* offsets, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        Vector256<float> a = Both(source, offsets), b = Both(source, offsets + 1), c = Both(source, offsets + 2), d = Both(source, offsets + 3);
        Vector256<float> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b), otherLow = Avx.UnpackLow(c, d), otherHigh = Avx.UnpackHigh(c, d);
        first = Avx.Shuffle(low, otherLow, 0b01_00_01_00);
        second = Avx.Shuffle(low, otherLow, 0b11_10_11_10);
        third = Avx.Shuffle(high, otherHigh, 0b01_00_01_00);
        fourth = Avx.Shuffle(high, otherHigh, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Both(float* source, int* offsets) =>
        Vector256.Create(Vector128.Load(source + offsets[0]), Vector128.Load(source + offsets[4]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreBetween(Vector256<float> a, Vector256<float> least, Vector256<float> most) =>
        Vector256.GreaterThanOrEqualAll(a, least) && Vector256.LessThanOrEqualAll(a, most);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector256<float> low, Vector256<float> high, uint* target, int count) =>
        Store(((Rounded(low) >>> 16) | (Rounded(high) & Vector256.Create(0xFFFF0000u))).AsSingle(), (float*)target, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(uint* source, int count, out Vector256<float> low, out Vector256<float> high)
    {
        Vector256<uint> pairs = Load((float*)source, count).AsUInt32();
        low = (pairs << 16).AsSingle();
        high = (pairs & Vector256.Create(0xFFFF0000u)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(Vector256<float> value) =>
        value.AsUInt32() + Vector256.Create(0x7FFFu) + ((value.AsUInt32() >>> 16) & Vector256<uint>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Ramp, Vector256.Create((float)count));
}
