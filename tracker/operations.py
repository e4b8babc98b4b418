"""Operations of migrations that ask for the connection alone.

``RunPython`` is given all models as they were, which Django builds anew each time: half a second for nothing
where only triggers or an index are made.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

Step = Callable[[BaseDatabaseWrapper], None]


def nothing(connection: BaseDatabaseWrapper) -> None:
    """Leaves the database as it is."""


class OnTheConnection(Operation):
    """Calls ``forwards`` with the connection, and ``backwards`` on the way back."""

    reduces_to_sql = False

    def __init__(self, forwards: Step, backwards: Step) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self.forwards(schema_editor.connection)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self.backwards(schema_editor.connection)

    def describe(self) -> str:
        return "Changes what is beside the tables"
