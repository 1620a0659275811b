FROM swift:6.2-noble AS build
WORKDIR /source
COPY Package.swift Package.resolved* ./
COPY Plugins Plugins
COPY Sources Sources
COPY rules rules
COPY testdata/rules testdata/rules
# Package.swift names the tests' targets; they are not built.
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product mira-lint \
  && install -D -s "$(swift build -c release --static-swift-stdlib --show-bin-path)/mira-lint" /out/mira-lint

FROM ubuntu:24.04
# git tells what has changed (--diff-base); zlib and zstd unpack logs. The distribution keeps their versions, and drops old ones.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory '*'
COPY --from=build /out/mira-lint /usr/local/bin/mira-lint
# Whoever owns the files that are mounted: they are only read.
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["mira-lint"]
CMD ["check"]
