using AdaConv.Model;
using AdaConv.Torch;

namespace AdaConv.FrameFilter.Diagnosis;

/// <summary>libtorch, which the network runs on.</summary>
internal sealed class NetworkLibraryCheck : Check
{
    public override string Topic => "libtorch";

    public override string? Remedy => "dotnet build -c Release, in the repository";

    public override IEnumerable<Finding> Look()
    {
        TorchRuntime.Initialize();
        yield return Fine($"{TorchRuntime.Version}, from {TorchRuntime.Directory}");
    }
}
