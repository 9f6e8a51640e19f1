namespace AdaConv.Training.Data.Synthesis;

/// <summary>A projective map of the plane: (x, y) goes to (A x + B y + C, D x + E y + F) / (G x + H y + I).</summary>
internal readonly record struct Homography(double A, double B, double C, double D, double E, double F, double G, double H, double I)
{
    /// <summary>A shift.</summary>
    public static Homography Translation(double x, double y) => new(1, 0, x, 0, 1, y, 0, 0, 1);

    /// <summary>A turn about the origin, and a scaling.</summary>
    public static Homography Rotation(double radians, double scale)
    {
        var (sin, cos) = Math.SinCos(radians);
        return new(scale * cos, -scale * sin, 0, scale * sin, scale * cos, 0, 0, 0, 1);
    }

    /// <summary>A tilt: the origin stays, scale falls by <paramref name="x"/> and <paramref name="y"/> a pixel.</summary>
    public static Homography Tilt(double x, double y) => new(1, 0, 0, 0, 1, 0, x, y, 1);

    /// <summary>First <paramref name="second"/>, then <paramref name="first"/>.</summary>
    public static Homography operator *(in Homography first, in Homography second) => new(
        first.A * second.A + first.B * second.D + first.C * second.G,
        first.A * second.B + first.B * second.E + first.C * second.H,
        first.A * second.C + first.B * second.F + first.C * second.I,
        first.D * second.A + first.E * second.D + first.F * second.G,
        first.D * second.B + first.E * second.E + first.F * second.H,
        first.D * second.C + first.E * second.F + first.F * second.I,
        first.G * second.A + first.H * second.D + first.I * second.G,
        first.G * second.B + first.H * second.E + first.I * second.H,
        first.G * second.C + first.H * second.F + first.I * second.I);

    /// <summary>The way back.</summary>
    public Homography Inverse()
    {
        double a = E * I - F * H, d = F * G - D * I, g = D * H - E * G;
        double scale = 1 / (A * a + B * d + C * g);
        return new(
            scale * a, scale * (C * H - B * I), scale * (B * F - C * E),
            scale * d, scale * (A * I - C * G), scale * (C * D - A * F),
            scale * g, scale * (B * G - A * H), scale * (A * E - B * D));
    }

    /// <summary>Where a point goes.</summary>
    public (double X, double Y) Map(double x, double y)
    {
        double w = G * x + H * y + I;
        return ((A * x + B * y + C) / w, (D * x + E * y + F) / w);
    }
}
