@echo off
rem Trains and scores networks: training train --clips DIR. Builds what is stale, then runs.
call "%~dp0eng\setup.cmd" Training "src\Training\Training.csproj" src native
if errorlevel 1 exit /b 1
dotnet "%~dp0artifacts\bin\Training\release\AdaConv.Training.dll" %*
