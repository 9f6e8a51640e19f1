@echo off
rem Doubles a video's frame rate: framefilter convert INPUT OUTPUT. Builds what is stale, then runs.
call "%~dp0eng\setup.cmd" FrameFilter "src\FrameFilter\FrameFilter.csproj" src native
if errorlevel 1 exit /b 1
dotnet "%~dp0artifacts\bin\FrameFilter\release\AdaConv.FrameFilter.dll" %*
