using AdaConv.CommandLine;
using AdaConv.FrameFilter.Commands;
#if TORCH || ONNX
using AdaConv.Model;
#endif
#if TORCH
using AdaConv.Torch;

NetworkExecutors.Cuda = new TorchCudaExecutor();
#endif
#if ONNX
NetworkExecutors.Onnx = new AdaConv.OnnxRuntime.OnnxExecutor();
NetworkExecutors.Measured = new AdaConv.FrameFilter.Measurement.FastestDevice(AdaConv.FrameFilter.Configuration.ApplicationFiles.Find()).Of;
#endif

using Utf8Console console = new();
StandardStreams.Guard();
return FilterCommandLine.Run(args);
