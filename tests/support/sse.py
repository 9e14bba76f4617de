"""Clients of server-sent events that keep what they were sent, byte for byte, and never tidy it up."""

import asyncio
import contextlib
import json
import random
from collections.abc import Iterator
from typing import Any

import attrs


@attrs.define
class Parser:
    """Reads text/event-stream in pieces of any size; what is incomplete counts for nothing."""

    last_id: str = ""
    retry: int = 0
    comments: int = 0
    _rest: bytes = b""

    def feed(self, piece: bytes) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (id, event, data) of each event that is complete now."""
        *blocks, self._rest = (self._rest + piece).split(b"\n\n")
        for block in blocks:
            fields: dict[str, str] = {}
            for line in block.decode().split("\n"):
                name, _, value = line.partition(": ")
                self.comments += not name
                fields[name] = value
            self.last_id = fields.get("id", self.last_id)
            self.retry = int(fields.get("retry", self.retry))
            if "data" in fields:
                yield self.last_id, fields.get("event", "message"), json.loads(fields["data"])


@attrs.define
class Client:
    """Follows an order through broken connections, as a browser does, and counts what it got."""

    port: int
    path: str
    secret: str
    chance: random.Random
    sequences: list[int] = attrs.field(factory=list)
    names: list[str] = attrs.field(factory=list)
    cuts: int = 0
    ends: int = 0
    refusals: int = 0

    async def follow(self, *, until: "asyncio.Event", wanted_cuts: int, cut_within: int) -> None:
        """Read until told to stop.

        Args:
            wanted_cuts: how often this side breaks the connection.
            cut_within: at most so many bytes after it was opened.
        """
        stopping = asyncio.ensure_future(until.wait())
        while not until.is_set():
            allowed = self.chance.randrange(1, cut_within) if self.cuts < wanted_cuts else None
            reading = asyncio.ensure_future(self._connect(allowed))
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                await reading
        stopping.cancel()

    async def _connect(self, allowed: int | None) -> None:
        """Read one connection to its end, or break it after so many bytes."""
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            resume = f"Last-Event-ID: {self.sequences[-1]}\r\n" if self.sequences else ""
            path = self.path if self.sequences else f"{self.path}?after=0"
            head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.secret}\r\n{resume}\r\n"
            writer.write(head.encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in answer[:20]:
                self.refusals += 1
                await asyncio.sleep(0.05)
                return
            await self._read(reader, allowed)
        except (OSError, asyncio.IncompleteReadError):
            self.ends += 1
            await asyncio.sleep(0.05)  # the pause that the server asked for, in small
        finally:
            if writer is not None:
                writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, allowed: int | None) -> None:
        parser = Parser()
        while size := int(await reader.readline() or b"0", 16):
            piece = await reader.readexactly(size)
            await reader.readexactly(2)
            if allowed is not None and (allowed := allowed - size) <= 0:
                piece = piece[: max(0, size + allowed)]
            for number, _, data in parser.feed(piece):
                self.sequences.append(int(number))
                self.names.append(data["name"])
                assert data["sequence"] == int(number)
            if allowed is not None and allowed <= 0:
                self.cuts += 1
                return
        self.ends += 1


def faults_of(sequences: list[int], head: int) -> list[str]:
    """Say what is wrong with what a client was sent: it must be 1, 2, 3 … head."""
    found = []
    if lost := set(range(1, head + 1)) - set(sequences):
        found.append(f"lost {sorted(lost)[:5]}")
    if len(sequences) != len(set(sequences)):
        found.append("doubled")
    if sequences != sorted(sequences):
        found.append("out of order")
    return found
