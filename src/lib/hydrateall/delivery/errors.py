"""What can go wrong with a delivery.

Unavailable   NotDelivered   Airflow did not take the DAG run; the outbox keeps it
"""

from __future__ import annotations

from hydrateall.core.errors import Unavailable


class NotDelivered(Unavailable):
    """Airflow did not take a DAG run now."""
