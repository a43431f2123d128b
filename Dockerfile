FROM python:3.11-slim-bookworm

# Debian patches its stable packages without changing what they do: no versions.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 1000 sanliang

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data KEYS_DIR=/data/keys BIND=0.0.0.0:8000
WORKDIR /srv/sanliang
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt
COPY . .
# Static files belong to the image: every host has the same, whoever started first.
ENV STATIC_ROOT=/srv/static
RUN DATA_DIR=/tmp/build KEYS_DIR=/tmp/build python manage.py collectstatic --verbosity 0 --noinput && rm -rf /tmp/build
RUN install -d -o sanliang -g sanliang /data

USER 1000
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
