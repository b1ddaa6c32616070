# The daemon in a container: installed from the lock with hashes checked, run without root.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/natverket \
 && /opt/natverket/bin/pip install --no-cache-dir --no-compile --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY service service
COPY config config
RUN /opt/natverket/bin/pip install --no-cache-dir --no-deps --no-index --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/natverket --create-home natverket
COPY --from=build /opt/natverket /opt/natverket
ENV PATH=/opt/natverket/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NATVERKET_STATE_URL=sqlite:////var/lib/natverket/natverket.db
USER natverket
VOLUME /var/lib/natverket
STOPSIGNAL SIGTERM
ENTRYPOINT ["natverket"]
CMD ["run"]
