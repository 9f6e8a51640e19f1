using AdaConv.FrameFilter.Commands;
#if TORCH
using AdaConv.Model;
using AdaConv.Torch;

NetworkExecutors.Cuda = new TorchCudaExecutor();
#endif

using Utf8Console console = new();
return FilterCommandLine.Run(args);
