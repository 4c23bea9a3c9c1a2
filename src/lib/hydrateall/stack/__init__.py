"""The local stack: PostgreSQL and Airflow's processes on one machine, without Docker."""
