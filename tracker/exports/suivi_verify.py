#!/usr/bin/env python3
"""Checks a ledger of Suivi offline, without trusting the site that gave it.

    python3 suivi_verify.py suivi-ledger.jsonl
    python3 suivi_verify.py suivi-ledger.jsonl --expect DIGEST     the digest that you have on paper
    python3 suivi_verify.py suivi-ledger.jsonl --base OLDER.jsonl  a ledger that you kept from another day

Exits with 0 where all is whole, 1 where something is not, 2 where it could not look. It needs Python 3.9 or
newer and nothing else: no network, no other file. Read it before you run it; it is meant to be read.

How the digests are made
------------------------
1. An ENTRY is what somebody recorded. Its content is canonical JSON: keys sorted, no spaces, UTF-8.
   `content_digest` is the SHA-256 of that.
2. Entries about one recommendation in one State are a CHAIN, and so are all edits of the recommendations
   themselves (the chain "edits"). `digest` is the SHA-256 of the chain's key, the entry's number, the
   digest of the entry before it, and its content_digest. Whoever changes an entry changes all digests that
   follow; the last one stands for the whole chain.
3. All chains are the leaves of a TREE (RFC 6962, section 2.1). A leaf is the SHA-256 of a zero byte and the
   chain's key, number of entries and last digest; pairs are joined until one is left: the HEAD DIGEST. It
   stands for every word of the record.

An entry that is internal is there as its digests alone: its words are not yours to read, but nobody can
exchange them unseen. One whose words had to go by law is "redacted": a later entry of its chain says so.
A random "salt" in each content keeps anybody from guessing the words of those from their digests.
The ledger is one JSON object a line: first the head, then each chain followed by its entries.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

Line = dict[str, Any]
ENTRY = {"type", "sequence", "previous", "content_digest", "digest", "content", "withheld"}
KEYS = {  # what a line may say, by its type
    "head": {"type", "version", "digest", "at", "chains", "entries"},
    "chain": {"type", "position", "key", "entries", "head"},
    "entry": ENTRY,
}
FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# --- Digests: as above ------------------------------------------------------------------------------


def canonical(content: Line) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def entry_digest(key: str, sequence: int, previous: str, content_digest: str) -> str:
    place = {"version": 1, "implementation": key, "sequence": sequence}
    return sha256(canonical({**place, "previous": previous, "content": content_digest}))


def leaf_digest(key: str, entries: int, head: str) -> str:
    content = {"version": 1, "chain": key, "entries": entries, "head": head}
    return sha256(b"\x00" + canonical(content))


def node_digest(left: str, right: str) -> str:
    return sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right))


class Tree:
    """The tree over leaves that come one by one. Only the left edge of what is still open is kept."""

    def __init__(self) -> None:
        self.open: list[tuple[int, str]] = []  # (height, digest), the highest first

    def add(self, digest: str) -> None:
        height = 0
        while self.open and self.open[-1][0] == height:
            digest = node_digest(self.open.pop()[1], digest)
            height += 1
        self.open.append((height, digest))

    def root(self) -> str:
        if not self.open:
            return sha256(b"")
        digest = self.open[-1][1]
        for _height, left in reversed(self.open[:-1]):
            digest = node_digest(left, digest)
        return digest


# --- What is wrong ----------------------------------------------------------------------------------


VERSION = "{path} is no ledger of this version. Download ledger and script again."


class ToldError(Exception):
    """A sentence for the reader, in their language."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(say(message, **values))


class WrongError(ToldError):
    """Something in the ledger is not what was sealed: exit code 1."""


class UnreadableError(ToldError):
    """This is no ledger, or not all of one: exit code 2."""


class Chain:
    """One chain while its entries are read: nothing of them is kept but numbers, and keys of edits.

    From `since` on, no entry is dated before the one before it; an earlier version trusted the clock.
    What the older ledger lacks is not dated before `floor`.
    """

    def __init__(self, line: Line, older: Line | None, since: str, floor: str) -> None:
        self.key = text(line, "key")
        self.position = number(line, "position")
        self.entries = number(line, "entries")
        self.head = text(line, "head")
        self.is_edits = self.key == "edits"
        self.older = older  # what an older ledger says of this chain
        self.known: int = older["entries"] if older else 0
        self.since, self.floor = since, floor
        self.first_at, self.last_at = "", ""
        self.count, self.previous = 0, ""
        self.faults: list[tuple[int, str]] = []  # where and what
        self.without_words: set[int] = set()  # redacted, and no later entry has said so yet
        self.withheld = {"internal": 0, "redacted": 0}
        self.acts: dict[str, tuple[int, str]] = {}  # the last edit of each key
        self.twice: list[tuple[int, str, int]] = []  # added again: where, the key, its edit before
        self.gone: dict[str, list[int]] = {}  # redacted edits, by the key that they were about

    def fault(self, sequence: int, what: str) -> None:
        self.faults.append((sequence, what))

    def add(self, line: Line) -> None:
        self.count += 1
        sequence, previous = number(line, "sequence"), text(line, "previous")
        content_digest, digest = text(line, "content_digest"), text(line, "digest")
        if sequence != self.count:
            self.fault(self.count, "is missing, or out of order")
        if "withheld" in line and "content" in line:
            self.fault(sequence, "is withheld, and yet has words")
        if "withheld" in line:
            self.withhold(sequence, text(line, "withheld"))
        else:
            self.add_content(sequence, line.get("content"), content_digest)
        if previous != self.previous:
            self.fault(sequence, "does not follow the entry before it")
        if digest != entry_digest(self.key, sequence, self.previous, content_digest):
            self.fault(sequence, "its digest is not that of its content")
        self.previous = digest
        if self.older:
            self.compare(self.older, line.get("withheld") == "internal")

    def compare(self, older: Line, is_internal: bool) -> None:
        if self.known == self.count and older["head"] != self.previous:
            self.fault(self.count, "is not what the older ledger has")
        was_internal = self.count in older["internal"]
        if self.count <= self.known and is_internal and not was_internal:
            self.fault(self.count, "was public in the older ledger")
        if self.count <= self.known and was_internal and not is_internal:
            self.fault(self.count, "was internal in the older ledger")

    def withhold(self, sequence: int, why: str) -> None:
        if why not in self.withheld:
            raise UnreadableError("an entry is withheld, and it is not known why")
        self.withheld[why] += 1
        if why == "redacted":
            self.without_words.add(sequence)
        elif self.is_edits:
            self.fault(sequence, "is withheld, and edits are public")

    def add_content(self, sequence: int, content: Any, content_digest: str) -> None:
        if not isinstance(content, dict) or sha256(canonical(content)) != content_digest:
            self.fault(sequence, "its content is not what was sealed")
            return
        belongs = self.is_edits or content.get("implementation") == self.key
        if content.get("sequence") != sequence or not belongs:
            self.fault(sequence, "says that it belongs elsewhere")
        self.date(sequence, str(content.get("recorded_at")))
        key, act = str(content.get("key")), content.get("act" if self.is_edits else "kind")
        if act == "redaction":
            redacted = content.get("redacts" if self.is_edits else "target")
            at = redacted if isinstance(redacted, int) else sequence
            if at not in self.without_words:
                self.fault(at, "a later entry redacts it, and it still has words")
            self.without_words.discard(at)
            self.gone.setdefault(key, []).append(at)
        elif self.is_edits:
            self.order(sequence, key, str(act))

    def date(self, sequence: int, at: str) -> None:
        if not TIME.fullmatch(at):
            self.fault(sequence, "its date is no time")
        if self.since <= self.last_at > at:
            self.fault(sequence, "is dated before the entry before it")
        if sequence > self.known and at < self.floor:
            self.fault(sequence, "is dated before the older ledger, which lacks it")
        self.first_at, self.last_at = self.first_at or at, at

    def order(self, sequence: int, key: str, act: str) -> None:
        """Nothing is taken over that was known, nor added that is there (a redacted edit may have
        removed it: which key that was about is told when its redaction is read)."""
        before, last = self.acts.get(key, (0, ""))
        if before and act == "taken_over":
            self.fault(sequence, "takes over what was there already")
        if act == "added" and last not in ("", "removed"):
            self.twice.append((sequence, key, before))
        self.acts[key] = (sequence, act)

    def close(self) -> None:
        """All its entries were read: name the first that fails."""
        for sequence in self.without_words:
            self.fault(sequence, "its words are gone, and no later entry redacts it")
        for sequence, key, before in self.twice:
            if not any(before < gone < sequence for gone in self.gone.get(key, ())):
                self.fault(sequence, "adds what was there already")
        if self.count < self.entries:
            self.fault(self.count + 1, "is missing (if the download was cut off, repeat it)")
        elif (self.count, self.previous) != (self.entries, self.head):
            self.fault(self.count, "is not the last one that was recorded")
        if self.count < self.known:
            self.fault(self.count + 1, "is missing, and the older ledger has it")
        if self.faults:
            sequence, what = min(self.faults, key=lambda fault: fault[0])
            raise WrongError("{key} entry {n}: {what}", key=self.key, n=sequence, what=say(what))


# --- Reading ----------------------------------------------------------------------------------------


def text(line: Line, name: str) -> str:
    if not isinstance(line.get(name), str):
        raise UnreadableError("“{name}” is missing or is no text", name=name)
    return str(line[name])


def number(line: Line, name: str) -> int:
    if type(line.get(name)) is not int:
        raise UnreadableError("“{name}” is missing or is no number", name=name)
    return int(line[name])


def once(pairs: list[tuple[str, Any]]) -> Line:
    """A JSON object; two readers could take two different values of a key that is there twice."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError
    return found


def read(path: str) -> Iterator[Line]:
    """The file's lines, one at a time: it may be larger than memory."""
    count = 0
    try:
        with open(path, "rb") as file:
            for raw in file:
                count += 1
                line = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
                if not isinstance(line, dict):
                    raise ValueError
                if line.keys() - KEYS.get(str(line.get("type")), set(line)):
                    raise UnreadableError(VERSION, path=path)
                yield line
    except OSError as error:
        why = error.strerror or str(error)
        message = "{path}: {why}. Give the path of a ledger."
        raise UnreadableError(message, path=path, why=why) from None
    except (ValueError, TypeError, RecursionError):
        message = "{path}, line {n} is no JSON object. Download the ledger again."
        raise UnreadableError(message, path=path, n=count) from None


def head_of(lines: Iterator[Line], path: str) -> Line:
    head: Line = next(lines, {})
    if head.get("type") != "head" or head.get("version") != 1:
        raise UnreadableError(VERSION, path=path)
    return head


def chains_of(path: str) -> tuple[Line, dict[str, Line]]:
    """What an older ledger says of each chain; its head digest has to be that of its chains."""
    lines, tree, missing = read(path), Tree(), 0
    chains: dict[str, Line] = {}
    head, key = head_of(lines, path), ""
    for line in lines:
        if line.get("type") == "chain":
            key, entries = text(line, "key"), number(line, "entries")
            tree.add(leaf_digest(key, entries, text(line, "head")))
            if key in chains:
                raise WrongError("chain {key} is out of its place", key=key)
            chains[key] = {**line, "internal": set()}
            missing += entries
        else:
            missing -= 1
            if line.get("withheld") == "internal" and chains:
                chains[key]["internal"].add(number(line, "sequence"))
    if missing or tree.root() != head.get("digest"):
        raise WrongError("{path}: its head digest is not that of its chains", path=path)
    return head, chains


def floor_of(head: Line | None) -> str:
    """What an older ledger lacks is younger than it; clocks may differ by an hour."""
    try:
        at = dt.datetime.strptime(str((head or {}).get("at")), FORMAT)
        return (at - dt.timedelta(hours=1)).strftime(FORMAT)
    except (ValueError, OverflowError):  # it does not say when it was made
        return ""


class Ledger:
    """All that is known of a ledger once it was read to its end."""

    def __init__(self, path: str, older: dict[str, Line], floor: str) -> None:
        self.tree, self.entries, self.count = Tree(), 0, 0
        self.withheld = {"internal": 0, "redacted": 0}
        self.older, self.keys = dict(older), set[str]()
        self.since = ""  # when the first edit was made
        lines = read(path)
        self.head = head_of(lines, path)
        chain: Chain | None = None
        for line in lines:
            if line.get("type") == "chain":
                self.close(chain)
                chain = Chain(line, self.older.pop(text(line, "key"), None), self.since, floor)
                self.open(chain)
            elif line.get("type") == "entry" and chain is not None:
                chain.add(line)
            else:
                message = "{path}: a line is neither chain nor entry. Download it again."
                raise UnreadableError(message, path=path)
        self.close(chain)
        self.check()

    def open(self, chain: Chain) -> None:
        was = chain.older.get("position") if chain.older else self.count
        is_first = self.count == 0
        if (
            not was == chain.position == self.count
            or chain.is_edits != is_first
            or chain.key in self.keys
        ):
            raise WrongError("chain {key} is out of its place", key=chain.key)
        self.keys.add(chain.key)
        self.count += 1

    def close(self, chain: Chain | None) -> None:
        if chain is not None:
            chain.close()
            if chain.is_edits:
                self.since = chain.first_at or "~"  # after every date: none of the edits has words
            self.tree.add(leaf_digest(chain.key, chain.entries, chain.head))
            self.entries += chain.entries
            self.withheld = {why: n + chain.withheld[why] for why, n in self.withheld.items()}

    def check(self) -> None:
        if self.older:
            raise WrongError("chain {key} is missing: the older ledger has it", key=min(self.older))
        if (self.count, self.entries) != (self.head.get("chains"), self.head.get("entries")):
            raise WrongError("chains are missing (if the download was cut off, repeat it)")
        if self.tree.root() != self.head.get("digest"):
            raise WrongError("the head digest is not that of the chains")


# --- Talking ----------------------------------------------------------------------------------------

TRANSLATIONS = """\
{key} entry {n}: {what} = {key}, entrée {n} : {what}
is missing, or out of order = elle manque, ou n’est pas à sa place
does not follow the entry before it = elle ne suit pas l’entrée qui la précède
its digest is not that of its content = son empreinte n’est pas celle de son contenu
its content is not what was sealed = son contenu n’est pas celui qui a été scellé
says that it belongs elsewhere = elle dit elle-même qu’elle est d’ailleurs
a later entry redacts it, and it still has words =
    une entrée ultérieure la caviarde, et elle a encore un texte
its words are gone, and no later entry redacts it = son texte a disparu, et aucune autre ne la caviarde
is missing (if the download was cut off, repeat it) =
    elle manque (si le téléchargement a été coupé, recommencez-le)
is not the last one that was recorded = ce n’est pas la dernière qui a été consignée
is withheld, and yet has words = elle est retenue, et elle a pourtant un texte
is withheld, and edits are public = elle est retenue, et les modifications sont publiques
its date is no time = sa date n’en est pas une
is dated before the entry before it = elle est datée d’avant l’entrée qui la précède
is dated before the older ledger, which lacks it =
    elle est datée d’avant le grand livre ancien, qui ne l’a pas
takes over what was there already = elle reprend ce qui était déjà là
adds what was there already = elle ajoute ce qui était déjà là
was public in the older ledger = elle était publique dans le grand livre ancien
was internal in the older ledger = elle était interne dans le grand livre ancien
is missing, and the older ledger has it = elle manque, et le grand livre ancien l’a
is not what the older ledger has = n’est pas ce que le grand livre ancien contient
an entry is withheld, and it is not known why = une entrée est retenue, on ne sait pourquoi
“{name}” is missing or is no text = « {name} » manque ou n’est pas un texte
“{name}” is missing or is no number = « {name} » manque ou n’est pas un nombre
{path}: {why}. Give the path of a ledger. = {path} : {why}. Donnez le chemin d’un grand livre.
{path}, line {n} is no JSON object. Download the ledger again. =
    {path} : la ligne {n} n’est pas un objet JSON. Téléchargez de nouveau le grand livre.
{path} is no ledger of this version. Download ledger and script again. =
    {path} n’est pas un grand livre de cette version. Téléchargez de nouveau les deux fichiers.
{path}: its head digest is not that of its chains =
    {path} : son empreinte de tête n’est pas celle de ses chaînes
{path}: a line is neither chain nor entry. Download it again. =
    {path} : une ligne n’est ni chaîne ni entrée. Téléchargez-le de nouveau.
chain {key} is out of its place = la chaîne {key} n’est pas à sa place
chain {key} is missing: the older ledger has it = la chaîne {key} manque : le grand livre ancien l’a
chains are missing (if the download was cut off, repeat it) =
    il manque des chaînes (si le téléchargement a été coupé, recommencez-le)
the head digest is not that of the chains = l’empreinte de tête n’est pas celle des chaînes
the head digest is not the one expected, but {digest} =
    l’empreinte de tête n’est pas celle attendue, mais {digest}
All {entries} entries of {chains} chains are whole. =
    Les {entries} entrées de {chains} chaînes sont toutes intactes.
Head digest: {digest} = Empreinte de tête : {digest}
By the site’s own account, of {at}. = Elle date, selon le site, du {at}.
Of these, as digests alone: {internal} internal, {redacted} redacted. =
    Dont par leurs seules empreintes : {internal} internes, {redacted} caviardées.
It is the digest that you expected. = C’est l’empreinte que vous attendiez.
Nothing of the older ledger was changed. Its head digest: {digest} =
    Rien du grand livre ancien n’a été changé. Son empreinte de tête : {digest}
FAILED: {what} = ÉCHEC : {what}
Not checked. {what} = Non vérifié. {what}
a digest has 64 digits from 0 to 9 and a to f = une empreinte a 64 chiffres de 0 à 9 et de a à f
Checks a ledger of Suivi offline. = Vérifie hors ligne un grand livre de Suivi.
the file that the site gave = le fichier que le site a donné
the head digest that you have from elsewhere = l’empreinte de tête que vous tenez d’ailleurs
a ledger from another day: nothing in it may have changed =
    un grand livre d’un autre jour : rien de lui ne doit avoir changé
"""
FRENCH = dict(re.findall(r"^(.+?) =\s+(.+)$", TRANSLATIONS, re.MULTILINE))


def say(message: str, **values: object) -> str:
    given = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next((value for value in given if value), "")
    if language.startswith("fr"):
        message = FRENCH.get(message, message)
    shown = {name: CONTROL.sub("\ufffd", str(value)) for name, value in values.items()}
    return message.format(**shown) if shown else message


def a_digest(given: str) -> str:
    digest = given.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise argparse.ArgumentTypeError(say("a digest has 64 digits from 0 to 9 and a to f"))
    return digest


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=say("Checks a ledger of Suivi offline."))
    add = parser.add_argument
    add("ledger", help=say("the file that the site gave"))
    help_of_expect = say("the head digest that you have from elsewhere")
    add("--expect", metavar="DIGEST", type=a_digest, help=help_of_expect)
    help_of_base = say("a ledger from another day: nothing in it may have changed")
    add("--base", metavar="OLDER", help=help_of_base)
    return parser.parse_args()


def check(given: argparse.Namespace) -> None:
    older_head, older = chains_of(given.base) if given.base else (None, {})
    ledger = Ledger(given.ledger, older, floor_of(older_head))
    digest = ledger.tree.root()
    if given.expect and given.expect != digest:
        raise WrongError("the head digest is not the one expected, but {digest}", digest=digest)
    whole = "All {entries} entries of {chains} chains are whole."
    print(say(whole, entries=ledger.entries, chains=ledger.count))
    print(say("Head digest: {digest}", digest=digest))
    if TIME.fullmatch(str(ledger.head.get("at"))):
        print(say("By the site’s own account, of {at}.", at=ledger.head["at"]))
    withheld = "Of these, as digests alone: {internal} internal, {redacted} redacted."
    print(say(withheld, **ledger.withheld))
    if given.expect:
        print(say("It is the digest that you expected."))
    if older_head:
        message = "Nothing of the older ledger was changed. Its head digest: {digest}"
        print(say(message, digest=older_head["digest"]))


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console may lack a letter
    given = arguments()
    try:
        check(given)
    except WrongError as fault:
        print(say("FAILED: {what}", what=fault))
        return 1
    except UnreadableError as error:
        print(say("Not checked. {what}", what=error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
