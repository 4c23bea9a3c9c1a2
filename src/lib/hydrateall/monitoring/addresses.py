"""Where a webhook may go: an address that somebody subscribes must not reach what only this machine can reach.

The name is resolved here and the connection is made to the checked address, so a name that resolves differently a
moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx

from hydrateall.monitoring.errors import TargetRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
UNICAST = ipaddress.ip_network(
    "2000::/3"
)  # all that is routed; Python takes outdated and local prefixes for global too
CLOUD_METADATA = {ipaddress.ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200")}
HTTPS = "Give an https address that the internet can reach."
PRIVATE = "HYDRATEALL_WEBHOOK_PRIVATE_NETWORKS=true allows private and loopback addresses."
MAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")


@dataclass(frozen=True)
class Endpoint:
    """A webhook's address, resolved and checked."""

    scheme: str
    host: str
    port: int
    address: Address
    path: str

    @property
    def url(self) -> str:
        """The address to connect to; its host is the checked IP address."""
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """The host as the subscriber wrote it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def resolve(target: str, *, private_networks: bool) -> Endpoint:
    """Resolve a webhook's URL; raise TargetRefused unless each of its addresses may be used."""
    try:
        parts = urlsplit(target)
    except ValueError:
        raise TargetRefused(target, "it is no web address", HTTPS) from None
    host, port = _host_and_port(target, parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    addresses = _lookup(target, host, port)
    for address in addresses:
        _check(target, parts.scheme, address, private_networks)
    return Endpoint(parts.scheme, host, port, addresses[0], path)


def check_mail_address(target: str) -> None:
    """Raise TargetRefused unless this looks like one e-mail address."""
    if not MAIL.fullmatch(target):
        raise TargetRefused(repr(target), "it is no e-mail address", "Give one address like name@example.org.")


def _host_and_port(target: str, parts: SplitResult) -> tuple[str, int]:
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise TargetRefused(target, "it is no web address", HTTPS)
    if parts.username is not None or parts.password is not None:
        raise TargetRefused(parts.hostname, "it carries a user or a password", "The signature proves who sends.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise TargetRefused(target, "its port is none", HTTPS) from None
    try:
        return httpx.URL(target).raw_host.decode("ascii"), port  # a name in any script, as DNS and headers write it
    except httpx.InvalidURL:
        raise TargetRefused(target, "it is no web address", HTTPS) from None


def _lookup(target: str, host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TargetRefused(target, "its name cannot be resolved", "Correct the address.") from None
    return [_unwrapped(ipaddress.ip_address(str(each[4][0]).partition("%")[0])) for each in found]


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _check(target: str, scheme: str, address: Address, private_networks: bool) -> None:
    if address.is_link_local or address.is_multicast or address.is_unspecified or address in CLOUD_METADATA:
        raise TargetRefused(target, f"{address} belongs to the network itself", HTTPS)
    if scheme == "http" and not address.is_loopback:
        raise TargetRefused(target, "it is not encrypted", HTTPS)
    if not _is_public(address) and not private_networks:
        raise TargetRefused(target, f"{address} is not on the internet", PRIVATE)


def _is_public(address: Address) -> bool:
    return address.is_global and (isinstance(address, ipaddress.IPv4Address) or address in UNICAST)
