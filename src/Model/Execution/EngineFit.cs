using AdaConv.Engine.Fit;

namespace AdaConv.Model;

/// <content>Flows that are fitted: what both warped frames sum up to, cell by cell, then what follows for the flows.</content>
internal sealed unsafe partial class EngineOperations
{
    public EnginePlanes FitFlows(EnginePlanes warped, EnginePlanes? time, EnginePlanes? added = null, float flowScale = 1)
    {
        FitShape shape = new(Planes: 1, warped.Height, warped.Width);
        EnginePlanes sums = Make(FlowFit.Sums, shape.Rows, shape.Columns), change = Make(FlowFit.Planes, shape.Rows, shape.Columns);
        EnginePlanes[] timed = time is null ? [] : [time];
        WarpedRows rows = (WarpedRows)warped.Recipe!; // made for the fit alone: they are never written
        int green = warped.Channels / 4, own = (shape.SumScratch + 15) / 16 * 16;
        AddBands("fit flows", sums, [warped, .. timed], own + rows.Scratch, (arena, cells, scratch) => FlowFit.SumRows(
            _level, shape, cells, TimeOf(time, arena), new GreenRows(rows, arena, green, scratch + own), sums.View(arena).Data, scratch));
        EnginePlanes[] addends = added is null ? [] : [added];
        return AddRows("fit flows", change, [sums, .. timed, .. addends], shape.SolveScratch, (arena, row, scratch) => FlowFit.SolveRow(
            _level, shape, row, new(TimeOf(time, arena), flowScale), sums.View(arena).Data, added is null ? null : added.View(arena).Data,
            change.View(arena).Data, scratch));
    }

    private static float TimeOf(EnginePlanes? time, float* arena) => time is null ? 0.5f : *time.View(arena).Data;

    // A plane of both warped frames.
    private readonly struct GreenRows(WarpedRows rows, float* arena, int plane, float* scratch) : IPairRow
    {
        public void Copy(int row, float* target, nint stride) => rows.Both(arena, row, plane, target, stride, scratch);
    }
}
