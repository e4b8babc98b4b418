"""What a text recommends beyond what one form takes, as a table that an import takes as it is."""

import csv
import io

from tracker.actions.meetings import RECOMMENDATIONS
from tracker.exports.cells import safe_cell
from tracker.forms.meeting import MeetingForm
from tracker.imports.columns import BY_NAME
from tracker.proposals.sheet import beyond

BOM = "\ufeff"


def table(form: MeetingForm) -> str:
    """CSV with a row a recommendation and State. A column of which nothing was said yet is left out: the
    import asks about it, for all rows at once."""
    form.full_clean()
    said = form.cleaned_data
    states = [*(state.pk for state in said.get("states", ())), *said.get("other_states", ())]
    for_all = {
        "meeting": said.get("slug", ""),
        "language": said.get("language", ""),
        "stage": said.get("stage", ""),
        "origin": said.get("origin_url", ""),
    }
    for_all = {name: value for name, value in for_all.items() if value}
    of_each = ["number", "paragraph", "text", *(["state"] if states else [])]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([str(BY_NAME[name].label) for name in (*of_each, *for_all)])
    for row in beyond(form.sheet.given, RECOMMENDATIONS):
        for state in dict.fromkeys(states) or [""]:
            cells = [row.number, row.locator, safe_cell(row.text), *([state] if state else [])]
            writer.writerow([*cells, *map(safe_cell, for_all.values())])
    return BOM + out.getvalue()
