"""A Merkle tree over the heads of all chains: pure functions, as RFC 6962, section 2.1, defines the tree.

A leaf is ``SHA-256(0x00 ‖ canonical JSON of the head)``, a node ``SHA-256(0x01 ‖ left ‖ right)``; a node
without a neighbour moves up as it is. Digests are 64 hexadecimal digits outside, 32 bytes inside a hash.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from tracker.history.digest import VERSION, canonical

LEVELS = 40
"""More than any tree of ours has; a node's place is ``level << LEVELS | position``."""


def leaf(key: str, entries: int, head: str) -> str:
    """The digest of a chain's head: its key, its number of entries, the digest of the last one."""
    content = {"version": VERSION, "chain": key, "entries": entries, "head": head}
    return hashlib.sha256(b"\x00" + canonical(content)).hexdigest()


def node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root(leaves: Iterable[str]) -> str:
    """The digest over all leaves, in order; of none, that of nothing."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [node(left, right) for left, right in pairs] + odd
    return level[0]


def place(level: int, position: int) -> int:
    return level << LEVELS | position


def sizes(leaves: int) -> list[int]:
    """How many nodes each level has, from the leaves up to the root."""
    found = [leaves]
    while found[-1] > 1:
        found.append((found[-1] + 1) // 2)
    return found


def neighbours(changed: Iterable[int], leaves: int) -> set[int]:
    """Places of the nodes that are needed, unchanged, to renew the root after leaves changed."""
    positions, needed = set(changed), set[int]()
    for level, size in enumerate(sizes(leaves)):
        beside = {p ^ 1 for p in positions} - positions
        needed |= {place(level, p) for p in beside if p < size}
        positions = {p >> 1 for p in positions}
    return needed


def renewed(changed: Mapping[int, str], leaves: int, beside: Mapping[int, str]) -> dict[int, str]:
    """The digest of every place that changes, the root's last.

    ``changed`` maps positions of leaves to their digests, ``beside`` the places of ``neighbours`` to theirs.
    """
    found: dict[int, str] = {}
    level_of: Mapping[int, str] = changed
    for level, size in enumerate(sizes(leaves)):
        found |= {place(level, position): digest for position, digest in level_of.items()}
        known = {p ^ 1: beside.get(place(level, p ^ 1), "") for p in level_of} | dict(level_of)
        level_of = {p: _above(known, p, size) for p in sorted({p >> 1 for p in level_of})}
    return found


def _above(known: Mapping[int, str], position: int, size: int) -> str:
    left, right = known[2 * position], 2 * position + 1
    return node(left, known[right]) if right < size else left


def fold(leaves: Sequence[str]) -> dict[int, str]:
    """Every place of the tree over these leaves."""
    return renewed(dict(enumerate(leaves)), len(leaves), {}) if leaves else {}
