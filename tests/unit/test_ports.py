"""A port that somebody has is never given to somebody else."""

import random

import pytest

from tests.ports import PORTS, listening


def test_it_is_none_that_the_system_gives_out() -> None:
    with listening() as own:
        assert own.getsockname()[1] in PORTS


def test_a_port_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as first, listening() as another:
        taken, free = (one.getsockname()[1] for one in (first, another))
        another.close()
        monkeypatch.setattr(random, "sample", lambda *_: [free, taken])
        with listening() as second:
            assert second.getsockname()[1] == free


def test_one_that_was_asked_for_is_had_or_refused() -> None:
    with listening() as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listening(port)
    with listening(port) as again:
        assert again.getsockname()[1] == port
