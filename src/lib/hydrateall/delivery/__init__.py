"""The outbox: intent is committed with its work, then told to Airflow at least once."""
