"""HydrateAll over HTTP, inside Airflow's API server: who may, what went wrong, the app of all routes."""
