# The service's image: web, worker, beat and commands are one image with different commands (compose.yaml).
#   docker build -t snapshotter .                               docker build -t snapshotter --build-arg EXTRAS="ldap oidc" .
# BASE may name a mirror or a digest. Nothing secret is needed to build, and nothing of the folder goes in that .dockerignore does not let in.
ARG BASE=python:3.11-slim-bookworm

# --- with the compiler: mysqlclient (and python-ldap) have no Linux wheel
FROM ${BASE} AS build
ARG EXTRAS=""
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential pkg-config default-libmysqlclient-dev \
      $(case " $EXTRAS " in *" ldap "*) echo libldap2-dev libsasl2-dev;; esac) \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
COPY requirements*.txt deploy/constraints.txt /build/
RUN for extra in $EXTRAS; do set -- "$@" -r "/build/requirements-$extra.txt"; done \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -c /build/constraints.txt \
      -r /build/requirements.txt -r /build/requirements-mysql.txt "$@"

# --- without it
FROM ${BASE}
ARG EXTRAS=""
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libmariadb3 tini \
      $(case " $EXTRAS " in *" ldap "*) echo libldap-2.5-0 libsasl2-2;; esac) \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --no-log-init --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin snapshotter
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/app/staticfiles
# The three values are for this step alone: settings want them, collecting files does not use them.
RUN SECRET_KEY=build DATABASE_URL=sqlite:///:memory: SNAPSHOTTER_ENCRYPTION_KEYS=build python manage.py collectstatic --noinput \
 && python -m compileall -q -j 0 /app
USER snapshotter
EXPOSE 8000
# tini passes SIGTERM on and buries what is left; gunicorn and Celery end gracefully on it.
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "config.wsgi", "--config", "deploy/gunicorn.py"]
