"""The time limit of a stage: it ends what takes too long, and nothing that comes after."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hydrateall.documents.patience import StageTookTooLong, time_limit


class TestTimeLimit:
    def test_ends_what_takes_too_long(self) -> None:
        with pytest.raises(StageTookTooLong, match=r"chunker took longer than 0\.05 s"), time_limit("chunker", 0.05):
            time.sleep(5)

    def test_leaves_alone_what_comes_after(self) -> None:
        with time_limit("chunker", 0.05):
            pass

        time.sleep(0.1)

    def test_lets_other_threads_be(self) -> None:
        def work() -> int:
            with time_limit("chunker", 0.01):
                time.sleep(0.05)
            return 1

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(work).result() == 1
