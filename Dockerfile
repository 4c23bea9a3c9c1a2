# Airflow with HydrateAll in it; every service of docker-compose.yml that runs our code uses this image.
FROM apache/airflow:3.3.2-python3.11

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
