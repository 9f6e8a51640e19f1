using AdaConv.Engine.Fit;

namespace AdaConv.Model;

/// <content>Flows that are fitted: what both warped frames sum up to, cell by cell, then what follows for the flows.</content>
internal sealed unsafe partial class EngineOperations
{
    public EnginePlanes FitFlows(EnginePlanes warped, EnginePlanes? time)
    {
        FitShape shape = new(warped.Channels / 2, warped.Height, warped.Width);
        EnginePlanes sums = Make(FlowFit.Sums, shape.Rows, shape.Columns), change = Make(FlowFit.Planes, shape.Rows, shape.Columns);
        EnginePlanes[] timed = time is null ? [] : [time];
        RowSource rows = warped.Rows;
        int own = (shape.SumScratch + 15) / 16 * 16;
        AddBands("fit flows", sums, [warped, .. timed], own + rows.Scratch, (arena, cells, scratch) => FlowFit.SumRows(
            _level, shape, cells, TimeOf(time, arena), new PairRows(rows, arena, warped.Channels, scratch + own), sums.View(arena).Data, scratch));
        return AddRows("fit flows", change, [sums, .. timed], shape.SolveScratch, (arena, row, scratch) => FlowFit.SolveRow(
            _level, shape, row, TimeOf(time, arena), sums.View(arena).Data, change.View(arena).Data, scratch));
    }

    private static float TimeOf(EnginePlanes? time, float* arena) => time is null ? 0.5f : *time.View(arena).Data;

    // All planes of a pair.
    private readonly struct PairRows(RowSource rows, float* arena, int planes, float* scratch) : IPairRow
    {
        public void Copy(int row, float* target, nint stride) => rows.Row(arena, row, 0, planes, target, stride, scratch);
    }
}
