"""The pages in Airflow's navigation: Start, Jobs, Job, Review, Health. Server-rendered, kept alive by htmx."""
