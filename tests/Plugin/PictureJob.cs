using AdaConv.Engine;
using AdaConv.Model;
using AdaConv.Pictures;

namespace AdaConv.Plugin.Tests;

/// <summary>A picture's kind and how it is interpolated: a line of program.c's jobs.</summary>
public sealed unsafe record PictureJob(
    string Arrangement, int Family, int Width, int Height, int Depth, int ShiftX, int ShiftY, bool Alpha, int Matrix = 2, int Range = 0, int Threads = 2,
    int Kernels = 0, int Ensemble = 1, double Time = 0.5, Grain Grain = Grain.Keep)
{
    /// <summary>A smooth picture with noise, which moves by some pixels: rows without gaps.</summary>
    public byte[] Content(Random random, int moved)
    {
        PictureLayout layout = Layout();
        List<byte> bytes = [];
        for (int plane = 0; plane < layout.PlaneCount; plane++)
        {
            int row = layout.RowBytes(plane, Width);
            byte[] line = new byte[row];
            for (int y = 0; y < layout.Rows(plane, Height); y++)
            {
                for (int c = 0; c < layout.ComponentCount; c++)
                {
                    if (layout.Component(c).Plane != plane)
                    {
                        continue;
                    }

                    fixed (byte* at = line)
                    {
                        SampleLayout component = layout.Component(c) with { SharesUnits = false };
                        for (int x = 0; x < row / component.UnitBytes; x++)
                        {
                            double wave = Math.Sin((x + moved) * 0.2) + Math.Cos(y * 0.17) + ((random.NextDouble() - 0.5) * 0.1);
                            Set(at, component, x, (uint)Math.Clamp((0.5 + (0.24 * wave)) * component.Mask, 0, component.Mask));
                        }
                    }
                }

                bytes.AddRange(line);
                Array.Clear(line);
            }
        }

        return [.. bytes];
    }

    private static void Set(byte* row, in SampleLayout layout, int x, uint code)
    {
        byte* at = row + (x * layout.UnitBytes) + layout.Offset;
        uint value = code << layout.Shift;
        at[0] = (byte)value;
        if (layout.Depth + layout.Shift > 8)
        {
            at[1] = (byte)(value >> 8);
        }
    }

    private PictureLayout Layout()
    {
        int bytes = Depth > 8 ? 2 : 1, count = (Family == 2 ? 1 : 3) + (Alpha ? 1 : 0);
        SampleLayout[] components = Arrangement switch
        {
            "p010" => [new(0, 2, 0, 6, 10, false, false), new(1, 4, 0, 6, 10, false, false), new(1, 4, 2, 6, 10, false, false)],
            "yuy2" => [new(0, 2, 0, 0, 8, false, false), new(0, 4, 1, 0, 8, false, false), new(0, 4, 3, 0, 8, false, false)],
            "bgra" => [.. Enumerable.Range(0, 4).Select(c => new SampleLayout(0, 4, c == 3 ? 3 : 2 - c, 0, 8, false, false))],
            _ => [.. Enumerable.Range(0, count).Select(c => new SampleLayout(c, bytes, 0, 0, Depth, false, false))],
        };
        return new(components, Family == 1, Alpha, ShiftX, ShiftY);
    }

    /// <summary>The frame between by the managed library, which does not go through anything of the plug-in.</summary>
    public byte[] Interpolate(string weights, byte[] firstBytes, byte[] secondBytes)
    {
        PictureLayout layout = Layout();
        InterpolatorOptions options = new()
        {
            Threads = Threads,
            Ensemble = Ensemble,
            Grain = Grain,
            Kernels = Kernels == 0 ? null : (KernelLevel)(Kernels - 1),
        };
        using TiledInterpolator network = EngineExecutor.Load(weights, options);
        IFrameInterpolator interpolator = network.ForAnyTime();
        using PicturePlanes planes = new(layout, Width, Height, ColorMatrices.Of(Matrix, Height), Range == 0 ? Family != 0 : Range == 2);
        using PlanarFrame first = planes.CreatePlanes(), second = planes.CreatePlanes(), between = planes.CreatePlanes();
        byte[] target = new byte[firstBytes.Length];
        fixed (byte* a = firstBytes, b = secondBytes, c = target)
        {
            planes.Read(Tight(layout, a), first);
            planes.Read(Tight(layout, b), second);
            interpolator.Interpolate(first, second, Time, between);
            planes.Write(between, Tight(layout, c));
        }

        return target;
    }

    private PictureMemory Tight(PictureLayout layout, byte* at)
    {
        PictureMemory memory = default;
        for (int plane = 0; plane < layout.PlaneCount; plane++)
        {
            memory.Set(plane, at, layout.RowBytes(plane, Width));
            at += (long)layout.RowBytes(plane, Width) * layout.Rows(plane, Height);
        }

        return memory;
    }
}
