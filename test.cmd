@echo off
rem Builds everything and runs all tests; arguments go to dotnet test.
call "%~dp0eng\setup.cmd" tests AdaConv.sln src tests
if errorlevel 1 exit /b 1
dotnet test "%~dp0AdaConv.sln" -c Release --no-build %*
