"""A light HTTP client for load: it costs a tenth of what the server does, so that the figures are the server's."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Load:
    """What a load came to: a latency for each request, the answers that were not 200, bytes, and the wall time."""

    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0
    bytes: int = 0
    seconds: float = 0.0


async def send(url: str, paths: list[str], *, in_flight: int, token: str) -> Load:
    """GET every path over so many kept connections, each with one request at a time."""
    load, waiting = Load(), iter(paths)
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or 80
    headers = f"Host: {address.netloc}\r\nAuthorization: Bearer {token}\r\nAccept: */*\r\n\r\n"

    async def work() -> None:
        reader, writer = await asyncio.open_connection(host, port, limit=2**22)
        for path in waiting:
            started = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\n{headers}".encode())
            status, size = await _answer(reader)
            load.milliseconds.append(1000 * (time.perf_counter() - started))
            load.errors += status != 200
            load.bytes += size
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    load.seconds = time.perf_counter() - started
    return load


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer; return its status and the size of its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if "content-length" in headers:
        size = int(headers["content-length"])
        await reader.readexactly(size)
    else:
        size = await _chunks(reader)
    return int(head[0].split()[1]), size


async def _chunks(reader: asyncio.StreamReader) -> int:
    size = 0
    while length := int((await reader.readline()).split(b";")[0], 16):
        await reader.readexactly(length + 2)
        size += length
    await reader.readline()
    return size
