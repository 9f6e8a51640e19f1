using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AdaConv.Engine.Vectors;

/// <summary>4 floats by .NET's portable vectors: SSE2 and NEON, for processors without AVX2. Right rather than fast.</summary>
internal readonly unsafe struct Operations128 : IVectorOperations<Vector128<float>>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static Vector128<float> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<float>.Zero;
    }

    public static Vector128<float> Ramp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0f, 1, 2, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Prefetch(float* source)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> vector, float* target) => vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source, int count)
    {
        if (count >= Count)
            return Vector128.Load(source);
        Vector128<float> vector = Vector128<float>.Zero;
        for (int i = 0; i < count; i++)
            vector = vector.WithElement(i, source[i]);
        return vector;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> vector, float* target, int count)
    {
        if (count >= Count)
        {
            vector.Store(target);
            return;
        }
        for (int i = 0; i < count; i++)
            target[i] = vector.GetElement(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SquareRoot(Vector128<float> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> NegatedMultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Truncate(Vector128<float> a) => Vector128.Truncate(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> PowerOfTwo(Vector128<float> n) => ((Vector128.ConvertToInt32(n) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector128<float> a)
    {
        Vector128<float> pairs = Vector128.MinNative(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MinNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> a)
    {
        Vector128<float> pairs = Vector128.MaxNative(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    // A comparison with what is not a number is false.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ClampFromZero(Vector128<float> a, Vector128<float> maximum) =>
        Vector128.Min(Vector128.GreaterThan(a, Vector128<float>.Zero) & a, maximum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WhereInside(Vector128<float> a, Vector128<float> maximum, Vector128<float> value) =>
        Vector128.GreaterThan(a, Vector128<float>.Zero) & Vector128.LessThan(a, maximum) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WhereSmall(Vector128<float> a, Vector128<float> limit, Vector128<float> chosen, Vector128<float> other) =>
        Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Abs(a), limit), chosen, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftUp(Vector128<float> previous, Vector128<float> current) =>
        Vector128.Shuffle(current, Vector128.Create(0, 0, 1, 2)).WithElement(0, previous.GetElement(3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftDown(Vector128<float> current, Vector128<float> next) =>
        Vector128.Shuffle(current, Vector128.Create(1, 2, 3, 3)).WithElement(3, next.GetElement(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector128<float> a, Vector128<float> b, out Vector128<float> first, out Vector128<float> second)
    {
        first = Vector128.Create(a.GetElement(0), b.GetElement(0), a.GetElement(1), b.GetElement(1));
        second = Vector128.Create(a.GetElement(2), b.GetElement(2), a.GetElement(3), b.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(Vector128<float> first, Vector128<float> second, out Vector128<float> even, out Vector128<float> odd)
    {
        even = Vector128.Create(first.GetElement(0), first.GetElement(2), second.GetElement(0), second.GetElement(2));
        odd = Vector128.Create(first.GetElement(1), first.GetElement(3), second.GetElement(1), second.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOffsets(Vector128<float> row, Vector128<float> column, int width, int* target) =>
        (Vector128.ConvertToInt32(row) * width + Vector128.ConvertToInt32(column)).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gather(float* source, int* offsets) =>
        Vector128.Create(source[offsets[0]], source[offsets[1]], source[offsets[2]], source[offsets[3]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFours(
        float* source, int* offsets, out Vector128<float> first, out Vector128<float> second, out Vector128<float> third, out Vector128<float> fourth)
    {
        first = Gather(source, offsets);
        second = Gather(source + 1, offsets);
        third = Gather(source + 2, offsets);
        fourth = Gather(source + 3, offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreBetween(Vector128<float> a, Vector128<float> least, Vector128<float> most) =>
        Vector128.GreaterThanOrEqualAll(a, least) && Vector128.LessThanOrEqualAll(a, most);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector128<float> low, Vector128<float> high, uint* target, int count) =>
        Store(((Rounded(low) >>> 16) | (Rounded(high) & Vector128.Create(0xFFFF0000u))).AsSingle(), (float*)target, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(uint* source, int count, out Vector128<float> low, out Vector128<float> high)
    {
        Vector128<uint> pairs = Load((float*)source, count).AsUInt32();
        low = (pairs << 16).AsSingle();
        high = (pairs & Vector128.Create(0xFFFF0000u)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rounded(Vector128<float> value) =>
        value.AsUInt32() + Vector128.Create(0x7FFFu) + ((value.AsUInt32() >>> 16) & Vector128<uint>.One);
}
