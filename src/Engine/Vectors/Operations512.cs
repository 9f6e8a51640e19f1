using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AdaConv.Engine.Vectors;

/// <summary>16 floats; AVX-512 F and DQ.</summary>
internal readonly unsafe struct Operations512 : IVectorOperations<Vector512<float>>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    public static Vector512<float> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<float>.Zero;
    }

    public static Vector512<float> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Create(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* source) => Sse.Prefetch0(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source, int count) =>
        count >= Count ? Vector512.Load(source) : Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, float* target, int count)
    {
        if (count >= Count)
            vector.Store(target);
        else
            Avx512F.MaskStore(target, First(count), vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SquareRoot(Vector512<float> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a,
        b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NegatedMultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Avx512F.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Truncate(Vector512<float> a) => Avx512F.RoundScale(a, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PowerOfTwo(Vector512<float> n) => ((Avx512F.ConvertToVector512Int32(n) + Vector512.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector512<float> a) => Operations256.Least(Vector256.MinNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> a) => Operations256.Largest(Vector256.MaxNative(a.GetLower(), a.GetUpper()));

    // vmaxps answers its second operand where the first is not a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ClampFromZero(Vector512<float> a, Vector512<float> maximum) =>
        Avx512F.Min(Avx512F.Max(a, Vector512<float>.Zero), maximum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WhereInside(Vector512<float> a, Vector512<float> maximum, Vector512<float> value) =>
        Vector512.GreaterThan(a, Vector512<float>.Zero) & Vector512.LessThan(a, maximum) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WhereSmall(Vector512<float> a, Vector512<float> limit, Vector512<float> chosen,
        Vector512<float> other) =>
        Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(a), limit), chosen, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftUp(Vector512<float> previous, Vector512<float> current) =>
        Avx512F.AlignRight32(current.AsInt32(), previous.AsInt32(), 15).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftDown(Vector512<float> current, Vector512<float> next) =>
        Avx512F.AlignRight32(next.AsInt32(), current.AsInt32(), 1).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector512<float> a, Vector512<float> b, out Vector512<float> first, out Vector512<float> second)
    {
        first = Avx512F.PermuteVar16x32x2(a, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), b);
        second = Avx512F.PermuteVar16x32x2(a, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(Vector512<float> first, Vector512<float> second, out Vector512<float> even, out Vector512<float> odd)
    {
        even = Avx512F.PermuteVar16x32x2(first, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), second);
        odd = Avx512F.PermuteVar16x32x2(first, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOffsets(Vector512<float> row, Vector512<float> column, int width, int* target) =>
        (Avx512F.ConvertToVector512Int32(row) * width + Avx512F.ConvertToVector512Int32(column)).Store(target);

    // .NET exposes no gather of 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float* source, int* offsets) => Vector512.Create(
        Avx2.GatherVector256(source, Vector256.Load(offsets), sizeof(float)),
        Avx2.GatherVector256(source, Vector256.Load(offsets + 8), sizeof(float)));

    // A load for each offset, and a transposition of 4×4 in each quarter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(
        float* source, int* offsets, out Vector512<float> first, out Vector512<float> second, out Vector512<float> third, out Vector512<float> fourth)
    {
        Vector512<float> a = Quarters(source, offsets), b = Quarters(source, offsets + 1), c = Quarters(source, offsets + 2), d = Quarters(source, offsets + 3);
        Vector512<float> low = Avx512F.UnpackLow(a, b), high = Avx512F.UnpackHigh(a, b);
        Vector512<float> otherLow = Avx512F.UnpackLow(c, d), otherHigh = Avx512F.UnpackHigh(c, d);
        first = Avx512F.Shuffle(low, otherLow, 0b01_00_01_00);
        second = Avx512F.Shuffle(low, otherLow, 0b11_10_11_10);
        third = Avx512F.Shuffle(high, otherHigh, 0b01_00_01_00);
        fourth = Avx512F.Shuffle(high, otherHigh, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* source, int* offsets) => Vector512.Create(
        Vector256.Create(Vector128.Load(source + offsets[0]), Vector128.Load(source + offsets[4])),
        Vector256.Create(Vector128.Load(source + offsets[8]), Vector128.Load(source + offsets[12])));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreBetween(Vector512<float> a, Vector512<float> least, Vector512<float> most) =>
        Vector512.GreaterThanOrEqualAll(a, least) && Vector512.LessThanOrEqualAll(a, most);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector512<float> low, Vector512<float> high, uint* target, int count) =>
        Store(((Rounded(low) >>> 16) | (Rounded(high) & Vector512.Create(0xFFFF0000u))).AsSingle(), (float*)target, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(uint* source, int count, out Vector512<float> low, out Vector512<float> high)
    {
        Vector512<uint> pairs = Load((float*)source, count).AsUInt32();
        low = (pairs << 16).AsSingle();
        high = (pairs & Vector512.Create(0xFFFF0000u)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> value) =>
        value.AsUInt32() + Vector512.Create(0x7FFFu) + ((value.AsUInt32() >>> 16) & Vector512<uint>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) => Vector512.LessThan(Ramp, Vector512.Create((float)count));
}
