"""A kept table as a file of this machine, for as long as it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.utils.translation import gettext as _

from tracker.exceptions import Invalid
from tracker.models import ImportFile


def _gone() -> str:
    return _(
        "The file of this table is gone: it was imported or thrown away, in another window perhaps."
    )


@contextmanager
def on_disk(file: ImportFile) -> Iterator[Path]:
    """Raises ``Invalid`` where it was imported or thrown away meanwhile, and its file with it."""
    with NamedTemporaryFile(prefix="suivi-table-") as copy:
        contents = file.parts.values_list("content", flat=True)
        position, size = 0, 0
        while size < file.size:  # one in memory at a time, whatever the driver fetches
            part = contents.filter(position=position).first()
            if part is None:
                raise Invalid({"": [_gone()]})
            position, size = position + 1, size + copy.write(part)
        copy.flush()
        yield Path(copy.name)
