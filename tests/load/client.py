"""A client that costs little beside the server it measures: raw sockets, kept open, one thread.

Every answer must state its length (``Content-Length``): all three servers of the bench do.
"""

import itertools
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Make = Callable[[int], bytes]
"""The n-th request, whole, as bytes."""
TIMEOUT = 30.0


@dataclass
class Answer:
    status: int
    headers: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name; empty if there is none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        lines = self.headers.decode("latin-1").split("\r\n")[1:]
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        return [value.strip() for key, value in pairs if key.lower() == name.lower()]


@dataclass
class Connection:
    """One connection to 127.0.0.1, kept open."""

    port: int
    buffer: bytearray = field(default_factory=bytearray)
    length: int = -1
    head: int = 0
    sent_at: float = 0.0

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.buffer.clear()
        self.length = -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what has come; the answer once it is whole."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("The server closed the connection")
        self.buffer += chunk
        if self.length < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            self.head = end
            self.length = _content_length(bytes(self.buffer[:end]))
        if len(self.buffer) < self.head + 4 + self.length:
            return None
        head = bytes(self.buffer[: self.head])
        return Answer(int(head[9:12]), head, bytes(self.buffer[self.head + 4 :]))

    def ask(self, request: bytes) -> Answer:
        self.send(request)
        while True:
            if answer := self.receive():
                return answer

    def close(self) -> None:
        self.socket.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(f"An answer without its length: {head!r}")


def request(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """An HTTP/1.1 request as a browser would send it, as bytes."""
    given = {"Host": "localhost", "Accept-Encoding": "gzip", "Accept-Language": "fr"}
    if method == "POST":
        given |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
    given |= headers or {}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def latencies(port: int, make: Make, expected: int, count: int, seconds: float) -> list[float]:
    """Seconds that each answer took, one client, one after the other: at most ``count``, for at
    most ``seconds`` (but five in any case)."""
    connection = Connection(port)
    try:
        found: list[float] = []
        until = time.perf_counter() + seconds
        while len(found) < count and (len(found) < 5 or time.perf_counter() < until):
            prepared = make(len(found))
            started = time.perf_counter()
            answer = connection.ask(prepared)
            found.append(time.perf_counter() - started)
            _check(answer, expected)
        return found
    finally:
        connection.close()


def throughput(
    port: int, make: Make, expected: int, clients: int, seconds: float
) -> tuple[int, float]:
    """Answers that ``clients`` get who ask again as soon as they are answered, and the seconds."""
    numbers = itertools.count()
    with selectors.DefaultSelector() as selector:
        connections = [Connection(port) for _ in range(clients)]
        try:
            for connection in connections:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            started = time.perf_counter()
            for connection in connections:
                connection.send(make(next(numbers)))
            done = 0
            while time.perf_counter() - started < seconds:
                for connection in _ready(selector):
                    if answer := connection.receive():
                        _check(answer, expected)
                        done += 1
                        connection.send(make(next(numbers)))
            done += _drain(selector, len(connections))
            return done, time.perf_counter() - started
        finally:
            for connection in connections:
                connection.close()


def _ready(selector: selectors.BaseSelector) -> Iterator[Connection]:
    events = selector.select(TIMEOUT)
    if not events:
        raise TimeoutError("The server does not answer")
    for key, _mask in events:
        yield key.data


def _drain(selector: selectors.BaseSelector, waiting: int) -> int:
    """Take the last answers, so that nothing is under way when the next measurement begins."""
    done = 0
    while done < waiting:
        for connection in _ready(selector):
            if connection.receive():
                selector.unregister(connection.socket)
                done += 1
    return done


def _check(answer: Answer, expected: int) -> None:
    if answer.status != expected:
        raise RuntimeError(f"Answered {answer.status}, not {expected}: {answer.body[:400]!r}")
