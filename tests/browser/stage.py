"""Makes the records that sites of tests begin from: ``python -m tests.browser.stage``.

Runs in a process of its own, with SUIVI_VAR and DATABASE_URL set. Reads the passwords of the cast as JSON
from stdin, and writes their sessions and the numbers of some entries as JSON to stdout.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

NAMES = {
    "editor": "Sofia Keller",
    "contributor": "Awa Diarra",
    "foreign": "Ibrahim Moussa",
    "administrator": "Ada Lindqvist",
}
LE_TJIKAN = (
    "https://www.letjikan.info/post/conseil-des-ministres-du-22-octobre-2025-nominations-lutte"
    "-contre-le-trafic-de-migrants-et-distin"
)
MALIKUNAFONI = (
    "https://www.malikunafoni.net/post/migration-le-mali-et-l-oim-redéfinissent-leur-coopération-"
    "face-aux-défis-de-2026"
)
LESSOR = (
    "https://www.lessor.ml/posts/trafic-illicite-de-migrants-le-mali-plaide-pour-une-reponse-"
    "humaine-et-durable-68ecf586d8384"
)
LONG_NOTE = """The working session agreed on **three steps**:

- a list of focal points in *each* region;
- a form that every post fills in the same way;
- a [public summary](https://example.org/summary) twice a year.

> “Nothing is decided before the regions have been heard.”

See also https://example.org/a/very/long/address/that/nobody/would/read/aloud/but/that/must/not/widen/the/page?so=it&is=broken
"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import translation

    passwords = json.load(sys.stdin)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("seed", stdout=sys.stderr)
    keep("empty")
    people = cast(passwords)
    sessions = {name: session_of(person) for name, person in people.items()}
    keep("plain")
    with translation.override("en"):
        entries = tell(people)
    keep("told")
    add_niger()
    keep("two_states")
    add_many(people["editor"])
    keep("many_states")
    json.dump({"sessions": sessions, "entries": entries}, sys.stdout)


def keep(name: str) -> None:
    """The record as it is now, under that name."""
    from django.conf import settings
    from django.db import connection

    from tests.browser.stores import keep_file, keep_schema

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        keep_file(connection.connection, Path(settings.VAR, f"{name}.sqlite3"))
    else:
        keep_schema(connection.connection, name)


def cast(passwords: dict[str, str]) -> dict[str, Any]:
    """An editor, a contributor of Mali's government, one of Niger's, an administrator."""
    from tests import factories
    from tracker.models import Organization

    mali = Organization.objects.get(kind="government", state="ML")
    niger = factories.make_organization("Gouvernement du Niger", state="NE")
    factories.make_organization("L’Essor", "media", state=None)
    roles = {"editor": "editor", "administrator": "administrator"}
    organizations = {"contributor": mali, "foreign": niger}
    return {
        name: factories.make_user(
            roles.get(name, "contributor"), organizations.get(name), name, NAMES[name], password
        )
        for name, password in passwords.items()
    }


def session_of(person: Any) -> str:
    """Signed in, as the form does it, which has its own test."""
    from django.test import Client

    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


def tell(people: dict[str, Any]) -> dict[str, int]:
    """Something of every kind: on the fourth all that is unusual, on others what a reader would meet."""
    from tests.factories import amend, record, retract
    from tracker.actions.sources import CitedSource
    from tracker.models import Implementation, Organization

    rows = {row.recommendation.number: row for row in Implementation.objects.all()}
    editor, contributor = people["editor"], people["contributor"]
    press = Organization.objects.get(kind="media")
    fourth, day = rows[4], dt.date
    arabic = record(fourth, editor, note="عُقدت ورشة عمل في باماكو.", happened_on=day(2025, 11, 3))
    record(fourth, contributor, status="not_started", happened_on=day(2025, 11, 20))
    wrong = record(
        fourth, contributor, note="A workshop was held in Kayes.", happened_on=day(2025, 12, 2)
    )
    retract(wrong, contributor, "It was held in another region")
    struck = record(
        fourth,
        contributor,
        note="Forty posts took part.",
        happened_on=day(2025, 12, 9),
        sources=[CitedSource("https://example.org/posts", title="Posts along the border")],
    )
    amended = amend(
        struck,
        contributor,
        note="Fourteen posts took part.",
        happened_on=day(2025, 12, 9),
        sources=[CitedSource("https://example.org/posts", title="Posts along the border")],
        reason="A slip of the pen",
    )
    long = record(fourth, contributor, note=LONG_NOTE, happened_on=day(2026, 1, 15))
    record(
        fourth,
        editor,
        status="in_progress",
        organization=press,
        happened_on=day(2026, 1, 20),
        sources=[CitedSource(LESSOR, quotation="Le Mali plaide pour une réponse humaine.")],
    )
    internal = record(
        fourth, contributor, note="To be checked with the regions.", visibility="internal"
    )
    record(
        rows[6],
        contributor,
        status="in_progress",
        note="The migration profile is being updated with IOM.",
        happened_on=day(2026, 2, 12),
        sources=[MALIKUNAFONI],
    )
    record(
        rows[1],
        contributor,
        status="in_progress",
        note="The revision of the national migration policy is being finalised.",
        happened_on=day(2026, 2, 12),
        sources=[MALIKUNAFONI],
    )
    record(
        rows[2],
        contributor,
        status="in_progress",
        note="The Council of Ministers heard the conclusions of the meeting.",
        happened_on=day(2025, 10, 22),
        sources=[LE_TJIKAN],
    )
    named = {"arabic": arabic, "retracted": wrong, "struck": struck, "amended": amended}
    return {name: e.pk for name, e in (named | {"long": long, "internal": internal}).items()}


def add_niger() -> None:
    """Niger carries out the first and the third as well."""
    from tests.factories import make_implementation
    from tracker.models import Recommendation

    for recommendation in Recommendation.objects.filter(number__in=(1, 3)):
        make_implementation(recommendation, "NE")


def add_many(editor: Any) -> None:
    """Fourteen States more carry out all six, and some of them do something."""
    from tests.factories import URL, make_implementation, record
    from tracker.actions.ledger import together
    from tracker.models import Recommendation
    from tracker.statuses import Status

    states = ["BF", "BJ", "CD", "CI", "CM", "DZ", "EG", "ET", "GH", "GN", "MA", "SN", "TD", "TG"]
    with together(by=editor):
        made = [
            make_implementation(recommendation, state)
            for recommendation in Recommendation.objects.order_by("number")
            for state in states
        ]
        for n, implementation in enumerate(made[::3]):
            status = Status.values[n % len(Status.values)]
            record(implementation, editor, [f"{URL}/{n}"], status=status)


if __name__ == "__main__":
    main()
