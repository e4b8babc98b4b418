"""The rules of the house (docs/architecture.md) that a machine can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = sorted(p for p in (ROOT / "tracker").rglob("*.py") if "migrations" not in p.parts)
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
    "_raw_delete",
}
WRITES |= {f"a{name}" for name in WRITES}
WRITERS = "tracker/actions/"
# ``update`` with names alone is a queryset's, or one of these dictionaries'.
DICTIONARIES = {
    ("tracker/forms/meeting.py", "self.initial"),
    ("tracker/history/projection.py", "values"),
}
WRITING_SQL = re.compile(
    r"\b(INSERT\s+(OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO"
    r"|TRUNCATE\s+(TABLE|tracker))\b",
    re.IGNORECASE,
)
# The index of SQLite's search is told what to do by an INSERT into it, and follows documents by triggers.
WRITES_SQL = {"tracker/search/sqlite.py"}
# What each room may not know of: whatever is above it.
ABOVE = {
    "history": ("actions", "permissions", "views", "forms", "admin", "exports"),
    "models": ("actions", "history", "views", "forms", "admin", "exports"),
    "actions": ("views", "forms", "admin", "exports"),
    "search": ("actions", "views", "forms", "admin", "exports"),
    "similar": ("models", "actions", "views", "forms", "admin", "exports"),
    "proposals": ("models", "actions", "views", "forms", "admin", "exports"),
    "imports": ("views", "forms", "admin"),
    "names": ("models", "actions", "views", "forms", "admin", "exports"),
    "links": ("models", "actions", "views", "forms", "admin", "exports"),
    "forms": ("views", "admin"),
    "exports": ("actions", "views", "admin"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    # The checker is one file by its nature: people download it, read it and run it by itself.
    limit = 550 if path.name == "suivi_verify.py" else 400
    assert len(path.read_text().splitlines()) <= limit


@pytest.mark.parametrize("path", sorted((ROOT / "tracker/views").glob("*.py")), ids=name_of)
def test_a_view_is_25_lines_at_most(path: Path) -> None:
    long = {}
    for function in functions(path):
        is_view = bool(function.args.args) and function.args.args[0].arg == "request"
        lines = (function.end_lineno or 0) - function.lineno + 1
        if is_view and lines > 25:
            long[function.name] = lines
    assert long == {}


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_only_actions_write(path: Path) -> None:
    if not name_of(path).startswith(WRITERS):
        assert list(written_in(path.read_text(), name_of(path))) == []


def written_in(code: str, name: str) -> Iterator[str]:
    """Each place in a module that writes, by the calls and the SQL that do."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Attribute() as method) if is_write(node, method, name):
                yield f"line {node.lineno}: .{method.attr}()"
            case ast.Constant() | ast.JoinedStr() if writes_by_sql(ast.unparse(node), name):
                yield f"line {node.lineno}: SQL"


def writes_by_sql(text: str, name: str) -> bool:
    return name not in WRITES_SQL and WRITING_SQL.search(text) is not None


def is_write(call: ast.Call, method: ast.Attribute, name: str) -> bool:
    of = ast.unparse(method.value)
    if method.attr in ("update", "aupdate"):
        return bool(call.keywords and not call.args) and (name, of) not in DICTIONARIES
    is_of_a_parent = isinstance(method.value, ast.Call) and "super" in of
    is_kept_back = ast.unparse(call).endswith("commit=False)")
    return method.attr in WRITES and not is_of_a_parent and not is_kept_back


@pytest.mark.parametrize(
    "code",
    [
        "entry.save()",
        "FollowUp.objects.filter(pk=1).update(note='')",
        "rows.update(**fields)",
        "rows._raw_delete('default')",
        "await rows.aupdate(note='')",
        "cursor.execute('INSERT INTO tracker_followup VALUES (1)')",
        "cursor.execute(f'update {table} set note = 1')",
        "SQL = 'DELETE FROM tracker_followup'",
    ],
)
def test_writes_are_seen(code: str) -> None:
    assert list(written_in(code, "tracker/views/any.py"))


@pytest.mark.parametrize(
    "code",
    [
        "known.update(more)",
        "form.save(commit=False)",
        "super().save()",
        "cursor.execute('SELECT 1 FROM tracker_followup FOR UPDATE')",
    ],
)
def test_what_writes_nothing_is_let_through(code: str) -> None:
    assert not list(written_in(code, "tracker/views/any.py"))


@pytest.mark.parametrize("room", ABOVE)
def test_each_room_knows_only_those_below(room: str) -> None:
    known = {}
    for path in (ROOT / "tracker" / room).rglob("*.py"):
        if above := [name for name in imported_by(path.read_text()) if is_above(name, room)]:
            known[name_of(path)] = above
    assert known == {}


def imported_by(code: str) -> Iterator[str]:
    """The dotted name of each thing that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_above(name: str, room: str) -> bool:
    return any(f"{name}.".startswith(f"tracker.{above}.") for above in ABOVE[room])


@pytest.mark.parametrize(
    "code",
    [
        "import tracker.views",
        "import tracker.views.record as view",
        "from tracker import views",
        "from tracker.views.record import record",
        "def late():\n    from tracker.views import record",
    ],
)
def test_imports_are_seen_wherever_they_are(code: str) -> None:
    assert [name for name in imported_by(code) if is_above(name, "models")]


def test_names_that_only_begin_alike_are_let_through() -> None:
    assert not is_above("tracker.viewsets.one", "models")


def test_every_template_is_used() -> None:
    """By its whole path; those whose names a view puts together are named here as it does."""
    composed = {f"entries/_{what}.html" for what in ("amend", "retract")}
    composed |= {f"recommendations/{name}.html" for name in ("_results", "list")}
    root = ROOT / "templates"
    texts = {path: path.read_text() for path in [*CODE, *root.rglob("*.html")]}
    unused = []
    for template in root.rglob("*.html"):
        name = str(template.relative_to(root))
        if name.startswith("admin/") or name in composed:
            continue  # Django's admin finds its own by their names
        if not any(f'"{name}"' in text for path, text in texts.items() if path != template):
            unused.append(name)
    assert unused == []


def test_no_template_has_a_handler_or_style_of_its_own() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"\s(on\w+|style|hx-on\S*)=", template.read_text()), template
