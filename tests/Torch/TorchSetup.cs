using System.Runtime.CompilerServices;

namespace AdaConv.Torch.Tests;

internal static class TorchSetup
{
    // Tests touch TorchSharp before any network does.
    [ModuleInitializer]
    internal static void Initialize() => TorchRuntime.Initialize();
}
