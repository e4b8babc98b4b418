"""From a list to the page where the same is recorded for several of its rows."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.actions.several import SEVERAL

if TYPE_CHECKING:
    from tracker.admin.base import RecordAdmin


def go_to_several(
    model_admin: "RecordAdmin", request: HttpRequest, implementations: QuerySet[Any]
) -> HttpResponse | None:
    """To that page for these implementations; None and a message if there are none or too many."""
    ids = list(implementations.order_by("pk").values_list("pk", flat=True)[: SEVERAL + 1])
    if not 0 < len(ids) <= SEVERAL:
        message = _("Choose between one and %(n)s: nothing was recorded.") % {"n": SEVERAL}
        model_admin.message_user(request, message, messages.ERROR)
        return None
    address = reverse("admin:tracker_implementation_several")
    return redirect(f"{address}?{urlencode({'of': ids}, doseq=True)}")
