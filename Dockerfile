# The filter as a container: docker build -t framefilter .
# Then, as a user who is not root: docker run --rm -v /films:/films framefilter convert /films/in.mkv /films/out.mkv
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig filter.yaml LICENSE THIRD-PARTY-NOTICES.md ./
COPY presets presets
COPY models models
COPY native native
COPY src src
RUN dotnet publish src/FrameFilter -c Release -o /framefilter --nologo

# Without the SDK. The package ffmpeg brings the libraries that the filter loads.
FROM mcr.microsoft.com/dotnet/runtime:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /framefilter /framefilter
# The number of the image's own user app; Kubernetes' runAsNonRoot wants a number.
USER 1654
ENTRYPOINT ["dotnet", "/framefilter/AdaConv.FrameFilter.dll"]
