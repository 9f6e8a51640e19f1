@echo off
rem Called by the launchers: setup NAME PROJECT SOURCE... finds .NET and builds PROJECT where a source is newer than its stamp.
setlocal
for %%F in ("%~dp0..") do set "root=%%~fF"
set "stamps=%root%\artifacts\stamps"
set "stamp=%stamps%\%~1"
set "project=%~2"

where dotnet >nul 2>nul
if errorlevel 1 (
    echo error: the .NET 10 SDK was not found; type: winget install Microsoft.DotNet.SDK.10 >&2
    exit /b 1
)

set "sources='Directory.Build.props','Directory.Build.targets','Directory.Packages.props','global.json'"
shift
shift
:sources
if "%~1"=="" goto check
set "sources=%sources%,'%~1'"
shift
goto sources

:check
set "OMP_WAIT_POLICY=passive"
if not exist "%stamp%" goto build
rem cmd cannot compare times across folders; PowerShell is part of Windows.
powershell -NoProfile -ExecutionPolicy Bypass -Command "Set-Location -LiteralPath $env:root; $t = (Get-Item -LiteralPath $env:stamp).LastWriteTimeUtc; if (Get-Item %sources% | ForEach-Object { $_; Get-ChildItem $_ -Recurse } | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1) { exit 1 }"
if not errorlevel 1 goto done

:build
echo building %project% (the first time takes minutes) ... >&2
if not exist "%stamps%" mkdir "%stamps%"
type nul > "%stamp%.new"
dotnet build "%root%\%project%" -c Release -v q --nologo --disable-build-servers >&2
if errorlevel 1 (
    del "%stamp%.new"
    echo error: the build failed >&2
    exit /b 1
)
move /y "%stamp%.new" "%stamp%" >nul

:done
endlocal & set "OMP_WAIT_POLICY=passive"
exit /b 0
