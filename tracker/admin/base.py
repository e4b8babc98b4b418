"""The administration's ground rules: every write by an action, no list or box without an end."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import IntegrityError, models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from tracker.actions.edits import together
from tracker.actions.records import delete_record, save_record
from tracker.actions.ties import set_ties
from tracker.admin.deletion import rests_on
from tracker.admin.forms import PlainTextField, RecordForm, Refused, typed_in
from tracker.admin.generic import ModelAdmin, StackedInline, TabularInline
from tracker.admin.paging import BoundedChangeList, BoundedPaginator
from tracker.exceptions import Invalid
from tracker.models import User
from tracker.statuses import Channel

TEXT = {"form_class": PlainTextField, "widget": AdminTextareaWidget(attrs={"rows": 5})}


class RelatedMixin:
    """What is chosen by search brings its own related objects along: fewer queries a row."""

    formfield_overrides: Any = {models.TextField: TEXT}
    admin_site: Any

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        try:
            related = self.admin_site.get_model_admin(db_field.remote_field.model)
        except NotRegistered:
            return super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        return related.get_queryset(request)


class RecordAdmin(RelatedMixin, ModelAdmin):
    """Edits one kind of object by the site's actions; what they refuse is shown in the form."""

    form = RecordForm
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    permanent: ClassVar[tuple[str, ...]] = ()
    """Fields that can be given once and never changed."""
    dates_of: ClassVar[tuple[type[models.Model], str] | None] = None
    """The table, and its column in the order of dates, that bound the drill-down by date."""

    # --- Writing: by the actions

    def write(self, request: HttpRequest, record: Any, changed: Sequence[str] | None) -> None:
        """The action that saves an object of this kind, or one of its inlines."""
        save_record(by=by(request), record=record, changed=changed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with typed_in(form.prefix):
            self.write(request, obj, form.changed_data if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for field in self.opts.many_to_many:
            if field.name in form.changed_data:
                to = form.cleaned_data[field.name]
                set_ties(by=by(request), record=form.instance, field=field.name, to=to)
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ARG002
        formset.save(commit=False)
        prefixes = {id(row.instance): row.prefix for row in formset.forms}
        for record in formset.deleted_objects:
            delete_record(by=by(request), record=record)
        written = [*formset.changed_objects, *((record, None) for record in formset.new_objects)]
        for record, changed in written:
            with typed_in(prefixes[id(record)]):
                save_record(by=by(request), record=record, changed=changed)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_record(by=by(request), record=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for record in queryset:
            self.delete_model(request, record)

    # --- What was refused: the form again, with all that was typed

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        again = (request, object_id, form_url, extra_context)
        try:
            if request.method != "POST":
                return super().changeform_view(*again)
            with together(by=by(request), channel=Channel.ADMIN):  # one page sent, one edit sealed
                return super().changeform_view(*again)
        except Invalid as error:
            # Rolled back. The same once more, with the errors on the fields: validation fails.
            refused = error if isinstance(error, Refused) else Refused(error.errors)
            request.refused = refused  # type: ignore[attr-defined]
        except IntegrityError:
            pass  # Somebody saved the same at the same moment: validation sees it now.
        return super().changeform_view(*again)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)  # a class made for this request alone
        return form

    def render_change_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().render_change_form(request, *args, **kwargs)
        if request.method == "POST":
            response.status_code = 422
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Invalid as invalid:  # something came to rest on it just now
            self.message_user(request, str(invalid), messages.ERROR)
            return redirect(f"admin:tracker_{self.opts.model_name}_change", object_id)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:  # noqa: ARG002
        along, protected = rests_on(objs[0])
        return along, {self.opts.verbose_name_plural: 1}, set(), protected

    # --- Reading: bounded

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = self.list_select_related
        rows = super().get_queryset(request)
        return rows.select_related(*related) if isinstance(related, list | tuple) else rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:  # noqa: ARG002
        return BoundedChangeList

    def date_bounds(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day to drill down to; None if there is none."""
        if not self.date_hierarchy:
            return None
        column = self.date_hierarchy.rpartition("__")[2]
        model, order = self.dates_of or (self.model, column)
        dates: Any = model._default_manager.exclude(**{column: None}).order_by(order)
        ends = (dates, dates.reverse())
        first, last = (rows.values_list(column, flat=True).first() for rows in ends)
        return (_day(first), _day(last)) if first else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, *self.permanent] if obj else fixed

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Where the site shows it; None for what has no page of its own."""
        address = getattr(obj, "get_absolute_url", None)
        return str(address()) if address else None

    def page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        """A page of our own in the administration."""
        request.current_app = self.admin_site.name
        media = self.media + context["form"].media if "form" in context else self.media
        shared = {
            "opts": self.opts,
            "media": media,
            "subtitle": None,
        }
        whole = {**self.admin_site.each_context(request), **shared, **context}
        return TemplateResponse(request, template, whole, status=status)


class InlineMixin(RelatedMixin):
    form: Any = RecordForm
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.form.refused = getattr(request, "refused", None)
        return formset


class RecordTabular(InlineMixin, TabularInline):
    """Rows of another kind in the page of the one that they belong to."""


class RecordStacked(InlineMixin, StackedInline):
    """The same for longer text."""


def by(request: HttpRequest) -> User:
    """Who acts; the administration lets nobody in without an account."""
    return cast(User, request.user)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.astimezone(dt.UTC).date() if isinstance(value, dt.datetime) else value
