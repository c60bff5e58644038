# The service's image: hash-pinned packages, our wheel, a user without rights.
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements ./requirements
# The wheel is built with the pinned build tools, apart from what the service runs with.
RUN python -m venv /tools && /tools/bin/pip install --require-hashes -r requirements/dev.txt
RUN python -m venv /service && /service/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY queries ./queries
COPY ingest ./ingest
COPY graphsvc ./graphsvc
RUN /tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /service/bin/pip install --no-deps --no-index /wheel/*.whl

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/service/bin:$PATH GRAPHSVC_HOME=/var/lib/graphsvc
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin graphsvc \
    && install -d -o 10001 -g 10001 -m 700 /var/lib/graphsvc
COPY --from=build /service /service
USER 10001
VOLUME /var/lib/graphsvc
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["graphsvc"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
