"""A kept table as a file of this machine, for as long as it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from tracker.models import ImportFile


@contextmanager
def on_disk(file: ImportFile) -> Iterator[Path]:
    with NamedTemporaryFile(prefix="suivi-table-") as copy:
        positions = file.parts.order_by("position").values_list("position", flat=True)
        for position in list(positions):  # one in memory at a time, whatever the driver fetches
            copy.write(file.parts.values_list("content", flat=True).get(position=position))
        copy.flush()
        yield Path(copy.name)
