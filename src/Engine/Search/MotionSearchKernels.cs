using System.Runtime.CompilerServices;
using AdaConv.Engine.Vectors;

namespace AdaConv.Engine.Search;

/// <summary>The search's costs, a vector of cells at a time.</summary>
internal static unsafe class MotionSearchKernels<TOperations, TVector>
    where TOperations : struct, IVectorOperations<TVector>
    where TVector : struct
{
    public static void Costs(SearchShape shape, SearchMoves moves, SearchMemory memory, int threads) =>
        Tiles.Run(shape.Rows, threads, row =>
        {
            if (!SearchChoice.IsWanted(shape, memory, row))
                return;
            for (int move = 0; move < moves.All.Count; move++)
                Row(shape, moves.All[move], memory, row, memory.CostRow(row, move));
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(in SearchShape shape, in SearchMoves.Move move, in SearchMemory memory, int row, float* target)
    {
        TVector factor = TOperations.Create(MotionSearchReference.Factor(shape));
        for (int x = 0; x < shape.Width; x += MotionSearch.Cell * TOperations.Count)
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
            TOperations.Store(TOperations.Multiply(cells, factor), target + x / MotionSearch.Cell);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, float* first, float* second)
    {
        TVector a = TOperations.Load(first), b = TOperations.Load(second);
        return TOperations.Add(sum, TOperations.Max(TOperations.Subtract(a, b), TOperations.Subtract(b, a)));
    }
}
