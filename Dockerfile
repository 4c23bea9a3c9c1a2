# Airflow with HydrateAll in it; every service of docker-compose.yml that runs our code uses this image.
FROM apache/airflow:3.3.2-python3.11

# Tesseract reads scanned pages, poppler draws them for it; the folder of documents must belong to who writes them.
USER root
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-eng tesseract-ocr-hin poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o airflow -g 0 -m 0775 /opt/hydrateall /opt/hydrateall/storage
USER airflow

WORKDIR /opt/hydrateall
ENV HYDRATEALL_HOME=/opt/hydrateall \
    PYTHONDONTWRITEBYTECODE= \
    PIP_DISABLE_PIP_VERSION_CHECK=1

COPY --chown=airflow:0 requirements/ requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/compose.txt

COPY --chown=airflow:0 pyproject.toml README.md alembic.ini airflow_settings.yaml ./
COPY --chown=airflow:0 src/ src/
COPY --chown=airflow:0 include/ include/
COPY --chown=airflow:0 migrations/ migrations/
COPY --chown=airflow:0 plugins/ plugins/
COPY --chown=airflow:0 dags/ dags/
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
