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
}
# Who may write: the actions; and what copies rows as they are into another database.
WRITERS = ("tracker/actions/", "tracker/backups/copying.py")
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
    if name_of(path).startswith(WRITERS):
        return
    calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    written = [
        f"line {call.lineno}: .{call.func.attr}()"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and not (isinstance(call.func.value, ast.Call) and "super" in ast.unparse(call.func.value))
        and not ast.unparse(call).endswith("commit=False)")
    ]
    assert written == []


@pytest.mark.parametrize("room", ABOVE)
def test_each_room_knows_only_those_below(room: str) -> None:
    known = {}
    for path in (ROOT / "tracker" / room).rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in tree.body:  # at the top of a module: what it needs to exist
            if isinstance(node, ast.ImportFrom) and node.module:
                for above in ABOVE[room]:
                    if node.module.startswith(f"tracker.{above}"):
                        known[name_of(path)] = node.module
    assert known == {}


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
