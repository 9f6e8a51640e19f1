using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Search;

/// <summary>The search's arithmetic, a vector of cells at a time.</summary>
internal readonly unsafe struct MotionSearchKernels<TOperations, TVector> : ISearchCosts
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    public static void Costs(in SearchShape shape, SearchMoves moves, in SearchMemory memory, int row, int block, float* target)
    {
        for (int move = 0; move < moves.All.Length; move++, target += memory.CostStride)
            Costs(shape, moves.All[move], memory, row, block, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Smooth(in CostRows costs, float length, float* smooth, float* least)
    {
        float* above = costs.Above, own = costs.Own, below = costs.Below, sums = costs.Sums;
        for (int i = 0; i < SearchMemory.Block; i += TOperations.Count)
            TOperations.Store(Sum(TOperations.Load(above + i), TOperations.Load(own + i), TOperations.Load(below + i)), sums + 1 + i);
        int end = costs.Count;
        sums[0] = costs.HasLeft ? MotionSearchReference.Sum(above[-1], own[-1], below[-1]) : sums[1];
        sums[end + 1] = costs.HasRight ? MotionSearchReference.Sum(above[end], own[end], below[end]) : sums[end];
        TVector sixteenth = TOperations.Create(1 / 16f), added = TOperations.Create(length);
        for (int i = 0; i < SearchMemory.Block; i += TOperations.Count)
        {
            TVector sum = Sum(TOperations.Load(sums + i), TOperations.Load(sums + i + 1), TOperations.Load(sums + i + 2));
            TVector cost = TOperations.Add(added, TOperations.Multiply(sum, sixteenth));
            TOperations.Store(cost, smooth + i);
            TOperations.Store(TOperations.Min(TOperations.Load(least + i), cost), least + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Costs(in SearchShape shape, in SearchMoves.Move move, in SearchMemory memory, int row, int block, float* target)
    {
        TVector factor = TOperations.Create(MotionSearchReference.Factor(shape));
        int left = MotionSearch.Cell * SearchMemory.Block * block;
        for (int x = left; x < left + MotionSearch.Cell * SearchMemory.Block; x += MotionSearch.Cell * TOperations.Count, target += TOperations.Count)
        {
            TVector a = TOperations.Zero, b = TOperations.Zero, c = TOperations.Zero, d = TOperations.Zero;
            for (int plane = 0; plane < shape.Planes; plane++)
            {
                float* first = memory.Pixel(plane, MotionSearch.Cell * row + move.FirstY, x + move.FirstX);
                float* second = memory.Pixel(shape.Planes + plane, MotionSearch.Cell * row - move.SecondY, x - move.SecondX);
                for (int y = 0; y < MotionSearch.Cell; y++, first += memory.Stride, second += memory.Stride)
                {
                    a = Add(a, first, second);
                    b = Add(b, first + TOperations.Count, second + TOperations.Count);
                    c = Add(c, first + 2 * TOperations.Count, second + 2 * TOperations.Count);
                    d = Add(d, first + 3 * TOperations.Count, second + 3 * TOperations.Count);
                }
            }

            TVector cells = NeighbourSums<TOperations, TVector>.OfFour(a, b, c, d);
            TOperations.Store(TOperations.Multiply(cells, factor), target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, float* first, float* second)
    {
        TVector a = TOperations.Load(first), b = TOperations.Load(second);
        return TOperations.Add(sum, TOperations.Max(TOperations.Subtract(a, b), TOperations.Subtract(b, a)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector before, TVector own, TVector after) => TOperations.Add(TOperations.Add(before, after), TOperations.Add(own, own));
}
