# The daemon in a container: from the lock with hashes checked, without root, on a read-only root.
#
#   docker build -t natverket .                       the service
#   docker build -t natverket --target with-pdf .     with LibreOffice, for PDF/A beside each report
#
# A base pinned by digest:  --build-arg BASE=python:3.11-slim-bookworm@sha256:…
# `make image-check` runs these instructions without a container engine and tries what they make.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY requirements/run.txt requirements/
# Wheels only: nothing is compiled here or later.
RUN python -m venv /opt/natverket \
 && /opt/natverket/bin/pip install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY service service
COPY config config
# What built the package goes again, and pip with it: an image is replaced, never mended.
RUN /opt/natverket/bin/pip install --no-cache-dir --no-compile --no-deps --no-index --no-build-isolation . \
 && /opt/natverket/bin/pip uninstall --yes hatchling pathspec pluggy tomlkit trove-classifiers \
 && /opt/natverket/bin/pip check \
 && /opt/natverket/bin/pip uninstall --yes setuptools pip
COPY deploy/image/slim.py ./
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPYCACHEPREFIX=/opt/natverket/bytecode
RUN /opt/natverket/bin/python slim.py

FROM ${BASE} AS service
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Nätverket" \
      org.opencontainers.image.description="Runs the Microsoft 365 side of a network of municipalities" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN groupadd --system --gid 10001 natverket \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/natverket --shell /usr/sbin/nologin natverket \
 && install -d -m 0750 -o natverket -g natverket /var/lib/natverket
COPY --from=build /opt/natverket /opt/natverket
# The page listens inside the container alone until NATVERKET_WEB_HOST=0.0.0.0 says otherwise,
# and then a token or a proxy that signs people in is demanded.
ENV PATH=/opt/natverket/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPYCACHEPREFIX=/opt/natverket/bytecode \
    MPLCONFIGDIR=/tmp/matplotlib \
    XDG_CACHE_HOME=/tmp/cache \
    NATVERKET_STATE_URL=sqlite:////var/lib/natverket/natverket.db \
    NATVERKET_LOGIN_FILE=/var/lib/natverket/natverket-login.bin
WORKDIR /var/lib/natverket
VOLUME /var/lib/natverket
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
# Not urllib, which would ask a proxy of the environment. Alive, not ready: a tenant that is
# down is no fault of the container's, and no restart brings it back.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('NATVERKET_WEB_PORT') or 8080), timeout=8); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["natverket"]
CMD ["run"]

FROM service AS with-pdf
USER 0:0
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libreoffice-writer-nogui fonts-crosextra-carlito \
 && rm -rf /var/lib/apt/lists/*
USER 10001:10001

# Last, and so what is built where no target is named.
FROM service
