# docker build -t checker .
# docker run --rm --network none -v "$PWD:/work" checker check 自评表.xlsx --report report.html
# --build-arg WITH_DOC=1 adds LibreOffice, which reads .doc; --build-arg WITH_PDF=1 adds what PDF reports need.
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY checker checker
COPY rules rules
COPY reports reports
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
ARG WITH_DOC=0
ARG WITH_PDF=0
COPY --from=build /wheels /wheels
# hadolint ignore=DL3008
RUN if [ "$WITH_DOC" = 1 ]; then set -- libreoffice-writer-nogui fonts-noto-cjk; else set --; fi \
    && if [ "$WITH_PDF" = 1 ]; then set -- "$@" libpangoft2-1.0-0 fonts-noto-cjk; fi \
    && if [ "$#" -gt 0 ]; then \
      apt-get update && apt-get install -y --no-install-recommends "$@" && rm -rf /var/lib/apt/lists/*; \
    fi
# hadolint ignore=DL3013
RUN wheel=$(echo /wheels/*.whl) \
    && if [ "$WITH_PDF" = 1 ]; then wheel="${wheel}[pdf]"; fi \
    && python -m pip install --no-cache-dir "$wheel" \
    && rm -rf /wheels \
    && useradd --create-home --uid 10001 checker
ENV PYTHONUTF8=1 LANG=C.UTF-8
USER 10001
WORKDIR /work
ENTRYPOINT ["checker"]
CMD ["--help"]
