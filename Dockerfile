# One image for web, worker, beat and the one-shot migration; see docker-compose.yml.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/staticfiles
# What WeasyPrint loads to make the note as a PDF, and the typefaces that it is set in.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin bothorel
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# Everything that the pages load, compressed and named by its content; not the packages' own extras.
# The embedded form is enough to collect: no server, and its folder is thrown away. The same start compiles the
# catalogue of the English pages, since the one that serves may write nothing.
RUN BOTHOREL_VAR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
        --ignore '*.md' --ignore '*.module.js' --ignore '*.nomodule.js' --ignore 'legacy' \
        --ignore 'analytics' --ignore 'core' --ignore 'component' --ignore 'layout' --ignore 'scheme' \
        --ignore 'redoc' --ignore 'rest_framework' \
    && rm -rf /tmp/build
USER bothorel
EXPOSE 8000
CMD ["gunicorn", "bothorel.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--limit-request-line", "8190", "--access-logfile", "-", "--no-control-socket"]
