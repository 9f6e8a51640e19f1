namespace AdaConv.Reports;

/// <summary>A picture on a page.</summary>
/// <param name="Label">What it is, in a word or two.</param>
/// <param name="Encoded">The bytes of a PNG, JPEG or SVG file.</param>
public sealed record PageImage(string Label, byte[] Encoded)
{
    /// <summary>The picture as an address that needs no network and no second file.</summary>
    /// <exception cref="InvalidDataException">It is none of these.</exception>
    internal string DataAddress => Encoded switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "data:image/png;base64," + Convert.ToBase64String(Encoded),
        [0xff, 0xd8, 0xff, ..] => "data:image/jpeg;base64," + Convert.ToBase64String(Encoded),
        [(byte)'<', (byte)'s', (byte)'v', (byte)'g', ..] => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoded),
        _ => throw new InvalidDataException($"The picture '{Label}' is neither PNG nor JPEG nor SVG."),
    };
}
