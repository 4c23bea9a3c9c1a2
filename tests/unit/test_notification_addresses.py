"""Where a webhook may go."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from hydrateall.monitoring.addresses import check_mail_address, resolve
from hydrateall.monitoring.errors import TargetRefused


def allowed(target: str, *, private_networks: bool = False) -> str:
    return resolve(target, private_networks=private_networks).url


class TestWebhooks:
    @pytest.mark.parametrize(
        ("target", "why"),
        [
            ("ftp://93.184.216.34/", "no web address"),
            ("https:///path", "no web address"),
            ("https://93.184.216.34:99999/", "its port is none"),
            ("https://user:word@93.184.216.34/", "a user or a password"),
            ("http://93.184.216.34/", "not encrypted"),
            ("https://127.0.0.1/", "not on the internet"),
            ("https://10.1.2.3/", "not on the internet"),
            ("https://192.168.0.1/", "not on the internet"),
            ("https://100.64.0.1/", "not on the internet"),
            ("https://[::1]/", "not on the internet"),
            ("https://[fc00::1]/", "not on the internet"),
            ("https://[::ffff:10.0.0.1]/", "not on the internet"),
            ("https://[64:ff9b::a00:1]/", "not on the internet"),
            ("https://2130706433/", "not on the internet"),
            ("https://[64:ff9b:1::a00:1]/", "not on the internet"),
            ("https://[fec0::1]/", "not on the internet"),
            ("https://[::7f00:1]/", "not on the internet"),
            ("https://[::1", "no web address"),
            ("https://93.184.216.34/a\x01b", "no web address"),
            ("https://no-such-name.invalid/", "cannot be resolved"),
        ],
    )
    def test_do_not_go_to(self, target: str, why: str) -> None:
        with pytest.raises(TargetRefused, match=why):
            allowed(target)

    @pytest.mark.parametrize(
        "target",
        [
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:169.254.169.254]/",
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "http://10.1.2.3/",
        ],
    )
    def test_never_go_to_the_network_itself(self, target: str) -> None:
        with pytest.raises(TargetRefused):
            allowed(target, private_networks=True)

    def test_go_to_the_internet_by_https(self) -> None:
        assert allowed("https://93.184.216.34/hook?a=b") == "https://93.184.216.34:443/hook?a=b"

    def test_go_to_this_machine_where_that_is_allowed(self) -> None:
        assert allowed("http://127.0.0.1:8000", private_networks=True) == "http://127.0.0.1:8000/"
        assert allowed("https://10.1.2.3/x", private_networks=True) == "https://10.1.2.3:443/x"

    def test_go_to_the_address_that_was_checked_whatever_the_name_means_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names("93.184.216.34"))

        endpoint = resolve("https://hooks.example.org:8443/x", private_networks=False)

        assert endpoint.url == "https://93.184.216.34:8443/x"
        assert (endpoint.host, endpoint.host_header) == ("hooks.example.org", "hooks.example.org:8443")

    def test_go_to_names_of_any_script(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names("93.184.216.34"))

        endpoint = resolve("https://हिन्दी.example/सूचना", private_networks=False)

        assert endpoint.host_header == "xn--j2bd4cyah0f.example"

    def test_do_not_go_to_a_name_with_one_private_address_among_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names("93.184.216.34", "10.0.0.1"))

        with pytest.raises(TargetRefused, match=r"10\.0\.0\.1 is not on the internet"):
            allowed("https://hooks.example.org/")


class TestMail:
    @pytest.mark.parametrize(
        "target", ["ada", "ada@", "a@b", "a@b.org,c@d.org", "a@b.org\nBcc: c@d.org", "A <a@b.org>"]
    )
    def test_does_not_go_to(self, target: str) -> None:
        with pytest.raises(TargetRefused):
            check_mail_address(target)

    def test_goes_to_one_plain_address(self) -> None:
        check_mail_address("ada.lovelace@example.org")


def names(*addresses: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
