"""What the database itself refuses, whoever asks: rewriting history, and breaking its chain.

Constraints cannot say "never changed", so triggers do, on both engines with the same names and messages.
SQLite rebuilds a table to alter it, and cannot while triggers mention it: a migration that alters one of
these tables comes between one with ``uninstall`` and one with ``install``; a test checks that all of them
are there after the last migration.
"""

from typing import Any

APPEND_ONLY = ("tracker_followup", "tracker_citation", "tracker_edit", "tracker_root")

# Text may have to go by law: then alone may the words of an entry be blanked (its digest stays), and what
# it cites be taken away; a redaction in the same chain must say so first.
FOLLOWUP_KEEPS = (
    *("id", "implementation_id", "sequence", "kind", "target_id", "redacts_id", "status", "basis"),
    *("language", "happened_on", "citation_count", "visibility", "organization_id"),
    *("organization_as", "recorded_at", "recorded_by_id", "channel", "submission"),
    *("content_digest", "previous_digest", "digest"),
)
EDIT_KEEPS = (
    *("id", "sequence", "subject", "key", "act", "redacts_id", "recorded_at", "recorded_by_id"),
    *("recorded_as", "channel", "themes", "content_digest", "previous_digest", "digest"),
)
REDACTED_IN = "EXISTS (SELECT 1 FROM {table} AS r WHERE r.redacts_id = OLD.id)"
ALLOWED = {
    "tracker_followup_refuses_update": (
        "NEW.is_redacted AND NEW.note = '' AND NEW.reason = '' AND NEW.salt = ''"
        " AND (NEW.recorded_as = '' OR NEW.recorded_as = OLD.recorded_as)",
        "tracker_followup",
        FOLLOWUP_KEEPS,
    ),
    "tracker_edit_refuses_update": (
        "NEW.is_redacted AND NEW.snapshot IS NULL AND NEW.reason = '' AND NEW.salt = ''"
        " AND NEW.folded = ''",
        "tracker_edit",
        EDIT_KEEPS,
    ),
}
REDACTED_ENTRY = (
    "EXISTS (SELECT 1 FROM tracker_followup WHERE id = OLD.followup_id AND is_redacted)"
)
FROZEN = {
    # The columns over which entries are sealed, and by which pages are cited.
    "tracker_recommendation": ("ref",),
    "tracker_implementation": ("recommendation_id", "state_id"),
    "tracker_source": ("url",),
}

# Since when something was there decides on which past pages it is; ids tie sealed rows to it.
PERMANENT = {
    "tracker_recommendation": (*FROZEN["tracker_recommendation"], "id", "added_at"),
    "tracker_implementation": (*FROZEN["tracker_implementation"], "id", "added_at"),
    "tracker_source": (*FROZEN["tracker_source"], "id"),
}

# SQLite asks foreign keys only where a client turned them on.
KEEPS_HISTORY = "tracker_implementation_keeps_its_history"

# An entry continues its implementation's chain, corrects only within it, is not redacted from the start, and
# replaces nothing: SQLite's INSERT OR REPLACE deletes without asking the DELETE trigger. A redaction stays:
# without its words, nobody could see what they took away.
BREAKS_CHAIN = """
    NEW.sequence <> COALESCE((SELECT MAX(sequence) FROM tracker_followup
                              WHERE implementation_id = NEW.implementation_id), 0) + 1
    OR NEW.previous_digest <> COALESCE((SELECT digest FROM tracker_followup
                                        WHERE implementation_id = NEW.implementation_id
                                        ORDER BY sequence DESC LIMIT 1), '')
    OR EXISTS (SELECT 1 FROM tracker_followup WHERE id = NEW.id OR digest = NEW.digest)
    OR EXISTS (SELECT 1 FROM tracker_followup
               WHERE recorded_by_id = NEW.recorded_by_id AND submission = NEW.submission)
    OR (NEW.recorded_by_id IS NULL
        AND EXISTS (SELECT 1 FROM tracker_followup
                    WHERE recorded_by_id IS NULL AND submission = NEW.submission))
    OR NEW.is_redacted
"""
CORRECTS_ELSEWHERE = """
    NEW.target_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tracker_followup AS t
        WHERE t.id = NEW.target_id AND t.implementation_id = NEW.implementation_id
          AND t.visibility = NEW.visibility AND t.kind NOT IN ('retraction', 'redaction'))
    OR NEW.redacts_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tracker_followup AS t
        WHERE t.id = NEW.redacts_id AND t.implementation_id = NEW.implementation_id
          AND t.visibility = NEW.visibility AND t.kind <> 'redaction')
"""
CORRECTED_BEFORE = """
    NEW.target_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM tracker_followup WHERE target_id = NEW.target_id)
    OR NEW.redacts_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM tracker_followup WHERE redacts_id = NEW.redacts_id)
"""
BREAKS_EDITS = """
    NEW.sequence <> COALESCE((SELECT MAX(sequence) FROM tracker_edit), 0) + 1
    OR NEW.previous_digest <> COALESCE((SELECT digest FROM tracker_edit
                                        WHERE sequence = NEW.sequence - 1), '')
    OR EXISTS (SELECT 1 FROM tracker_edit WHERE id = NEW.id OR digest = NEW.digest)
    OR NEW.redacts_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM tracker_edit WHERE redacts_id = NEW.redacts_id)
    OR NEW.redacts_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tracker_edit AS t
        WHERE t.id = NEW.redacts_id AND t.key = NEW.key AND t.act <> 'redaction')
    OR NEW.act = 'taken_over' AND EXISTS (SELECT 1 FROM tracker_edit WHERE key = NEW.key)
    OR NEW.is_redacted
"""
REPLACES_ROOT = """
    EXISTS (SELECT 1 FROM tracker_root WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM tracker_root WHERE at >= NEW.at)
"""
CITES_TOO_MUCH = """
    (SELECT COUNT(*) FROM tracker_citation WHERE followup_id = NEW.followup_id)
        >= (SELECT citation_count FROM tracker_followup WHERE id = NEW.followup_id)
    OR EXISTS (SELECT 1 FROM tracker_citation WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM tracker_followup WHERE id = NEW.followup_id AND is_redacted)
"""
CHECKED_ON_INSERT = {
    "followup_continues_its_chain": ("tracker_followup", BREAKS_CHAIN),
    "followup_corrects_in_its_history": ("tracker_followup", CORRECTS_ELSEWHERE),
    "followup_corrected_once": ("tracker_followup", CORRECTED_BEFORE),
    "citation_was_sealed_with_its_entry": ("tracker_citation", CITES_TOO_MUCH),
    "edit_continues_its_chain": ("tracker_edit", BREAKS_EDITS),
    "root_is_new": ("tracker_root", REPLACES_ROOT),
}


def install(connection: Any) -> None:
    """Create every trigger on this database, replacing those of the same names."""
    create = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in create():
            cursor.execute(statement)


def in_place(connection: Any) -> list[tuple[str, str]]:
    """Name and table of each of our triggers that this database has now; those that keep the index of the
    search refuse nothing, and stay."""
    find = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(find[connection.vendor])
        found = cursor.fetchall()
    ours = ((name, table) for name, table in found if table.startswith("tracker_"))
    return [(name, table) for name, table in ours if not name.startswith("search_")]


def uninstall(connection: Any) -> None:
    """Drop every trigger of ours: SQLite rebuilds no table that one of them mentions."""
    on_table = connection.vendor == "postgresql"
    found = in_place(connection)
    with connection.cursor() as cursor:
        for name, table in found:
            cursor.execute(
                f"DROP TRIGGER {name} ON {table}" if on_table else f"DROP TRIGGER {name}"
            )


def names() -> set[str]:
    """The names of all triggers that must exist (PostgreSQL has more, against TRUNCATE)."""
    found = {*CHECKED_ON_INSERT, KEEPS_HISTORY}
    for table in APPEND_ONLY:
        found |= {f"{table}_refuses_update", f"{table}_refuses_delete"}
    found |= {f"{table}_refuses_replace" for table in FROZEN}
    return found | {f"{table}_{column}_is_permanent" for table, column in _frozen()}


def _replaces(table: str) -> str:
    """What INSERT OR REPLACE would do to permanent columns: take the place of a row that has them."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in FROZEN[table])
    return f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))"  # noqa: S608 - our own names


def _frozen() -> list[tuple[str, str]]:
    return [(table, column) for table, columns in PERMANENT.items() for column in columns]


def _on_insert() -> dict[str, tuple[str, str]]:
    replacing = {f"{table}_refuses_replace": (table, _replaces(table)) for table in FROZEN}
    return CHECKED_ON_INSERT | replacing


def _refusals(same: str) -> list[tuple[str, str, str, str]]:
    """Name, event, table and condition of what refuses UPDATE and DELETE; ``same`` compares as the engine
    does where either side may be NULL."""
    found = []
    for table in APPEND_ONLY:
        for event in ("update", "delete"):
            name, condition = f"{table}_refuses_{event}", "TRUE"
            if name in ALLOWED:
                blank, of, keeps = ALLOWED[name]
                kept = " AND ".join(f"OLD.{c} {same} NEW.{c}" for c in keeps)
                redacted = REDACTED_IN.format(table=of)
                condition = f"NOT ({redacted} AND {blank} AND {kept})"
            if name == "tracker_citation_refuses_delete":
                condition = f"NOT {REDACTED_ENTRY}"
            found.append((name, event.upper(), table, condition))
    return found


def _sqlite() -> list[str]:
    made = []
    for name, event, table, condition in _refusals("IS"):
        made.append((name, f"BEFORE {event} ON {table}", condition))
    for table, column in _frozen():
        name = f"{table}_{column}_is_permanent"
        changed = f"NEW.{column} IS NOT OLD.{column}"
        made.append((name, f"BEFORE UPDATE OF {column} ON {table}", changed))
    made.append((KEEPS_HISTORY, "BEFORE DELETE ON tracker_implementation", "OLD.head_sequence > 0"))
    for name, (table, condition) in _on_insert().items():
        made.append((name, f"BEFORE INSERT ON {table}", condition))
    statements = []
    for name, event, condition in made:
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(
            f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
    return statements


def _postgresql() -> list[str]:
    statements = [
        """CREATE OR REPLACE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    ]

    def add(name: str, event: str, table: str, level: str = "ROW", when: str = "") -> None:
        statements.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        statements.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {when} "
            "EXECUTE FUNCTION tracker_refuse()"
        )

    for table in APPEND_ONLY:
        add(f"{table}_refuses_truncate", "TRUNCATE", table, level="STATEMENT")
    for table, column in _frozen():
        changed = f"WHEN (NEW.{column} IS DISTINCT FROM OLD.{column})"
        add(f"{table}_{column}_is_permanent", f"UPDATE OF {column}", table, when=changed)
    kept = "WHEN (OLD.head_sequence > 0)"
    add(KEEPS_HISTORY, "DELETE", "tracker_implementation", when=kept)
    checked = _refusals("IS NOT DISTINCT FROM")
    checked += [
        (name, "INSERT", table, condition) for name, (table, condition) in _on_insert().items()
    ]
    for name, event, table, condition in checked:
        # WHEN may not hold a subquery on PostgreSQL: the condition moves into a function of its own.
        row = "OLD" if event == "DELETE" else "NEW"
        statements.append(
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF {condition} THEN
                RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN {row};
            END $$"""
        )
        statements.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        statements.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    return statements
