using System.Runtime.CompilerServices;
using AdaConv.Model;
using AdaConv.Torch;

namespace AdaConv.Training.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Initialize() => TorchRuntime.Initialize();
}
