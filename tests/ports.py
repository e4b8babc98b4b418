"""Ports for servers that tests start."""

import random
import socket

PORTS = range(10_000, 20_000)
"""Below those that the system gives out to whoever connects, a browser too, and those of ``.ci/postgres``."""


def listening(port: int = 0) -> socket.socket:
    """A socket that listens on this port of 127.0.0.1, or on any that is free.

    A server is given the socket itself (``--bind fd://``): nobody can take the port before it comes. The
    caller closes its own end then. Raises ``OSError`` where the port is taken.
    """
    left = [port] if port else random.sample(PORTS, 100)
    while True:
        candidate = left.pop()
        own = socket.socket()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # it may have been left just now
        try:
            own.bind(("127.0.0.1", candidate))
            own.listen(socket.SOMAXCONN)
        except OSError:
            own.close()
            if not left:
                raise
        else:
            return own
