"""The warm process has what its tasks need, so that no task imports it again."""

from __future__ import annotations

import subprocess
import sys

NEEDED = ("hydrateall.hydration.tasks", "hydrateall.llm.offline.writer", "psycopg", "uvloop")
PROBE = f"""
import sys
from hydrateall.hydration.warmup import warm_up
warm_up()
print([name for name in {NEEDED!r} if name not in sys.modules])
"""


class TestWarmUp:
    def test_leaves_nothing_for_a_task_to_import(self) -> None:
        done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)

        assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
