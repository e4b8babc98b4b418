"""What an import of many rows takes: ``python -m tests.load.imports [--rows 100000] [--format csv]``.

A table is made from a seed, and imported by the command, in a process of its own, into a new database:
seconds, and the most memory that it had at any time. The bound is 300 MB for 100,000 rows.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADERS: tuple[str, ...] = (
    "Reference",
    "Paragraph",
    "Text",
    "Themes",
    "State",
    "Position",
    "Status",
    "Note",
)
HEADERS += ("Sources", "Date")
WORDS = ("adopt", "border", "children", "court", "data", "exchange", "judge", "law", "train")
BOUND = 300
MANAGE = [sys.executable, "manage.py"]
MAKE = """
import datetime as dt
from tests.factories import make_meeting, make_user
make_meeting(12)
make_user("editor", username="bench")
"""


def table(rows: int, seed: int = 7) -> list[list[str]]:
    """The same rows for the same seed: a tenth without a status, every State in turn."""
    chance = random.Random(seed)  # noqa: S311 - a bench
    codes = ["ML", "NE", "SN", "CI", "BF", "TG", "BJ", "GN", "MR", "DZ"]
    made = []
    for number in range(1, rows + 1):
        text = " ".join(chance.choices(WORDS, k=40))
        themes = "; ".join(f"Theme {n}" for n in chance.sample(range(60), 2))
        status = chance.choice(["", "in progress", "Implemented", "partly_implemented"])
        source = f"https://example.org/{number % 5000}" if status else ""
        day = f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" if status else ""
        note = " ".join(chance.choices(WORDS, k=20)) if status else ""
        row = [str(number), f"paragraph {number}", text, themes, codes[number % 10]]
        made.append([*row, "supported" if number % 3 else "", status, note, source, day])
        if not status and number % 3:
            made[-1][9] = "2024-01-31"
    return made


def write(path: Path, rows: list[list[str]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS, *rows])
        return
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADERS, *rows]):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    book.close()


def took(turn: str, command: list[str], env: dict[str, str]) -> float:
    """Run it and say what it took; the most memory that it had, in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = used.ru_maxrss / 1024
    seconds, busy = time.monotonic() - start, used.ru_utime + used.ru_stime
    print(f"{turn}: {seconds:.0f} s ({busy:.0f} s of processor), {peak:.0f} MB at most", flush=True)
    if process.returncode:
        raise SystemExit(process.returncode)
    return peak


def measured(rows: int, form: str = "csv") -> list[float]:
    """The most memory of the first import and of the same once more, in MB."""
    print(f"\nImport: a table of {rows:,} rows, by the command", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "SUIVI_VAR": folder, "PYTHONPATH": "."}
        path = Path(folder) / f"table.{form}"
        write(path, table(rows))
        subprocess.run([*MANAGE, "migrate", "-v0"], env=env, check=True)
        subprocess.run([*MANAGE, "shell", "-v0", "-c", MAKE], env=env, check=True)
        command = ["import_table", str(path), "--meeting", "som-12", "--by", "bench"]
        command += ["--language", "en", "--origin", "https://example.org/report"]
        peaks = [took(turn, [*MANAGE, *command], env) for turn in ("first", "again")]
        subprocess.run([*MANAGE, "verify_history"], env=env, check=True)
        subprocess.run([*MANAGE, "rebuild_projection", "--check"], env=env, check=True)
    print(f"Bound: {BOUND} MB{'' if max(peaks) < BOUND else ', not kept'}.")
    return peaks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
    given = parser.parse_args()
    return 0 if max(measured(given.rows, given.format)) < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
