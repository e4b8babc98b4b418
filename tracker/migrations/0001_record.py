"""The tables of the record.

Constraints stand with their tables: on SQLite, each that is added afterwards rebuilds one.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=150,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.@+’'-]+( [\\w.@+’'-]+)*\\Z",
                                "Use letters, figures, single spaces and the signs . @ + - ’ in a user name.",
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As it is shown beside what this person records",
                        max_length=150,
                        verbose_name="name",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("contributor", "Contributor"),
                            ("editor", "Editor"),
                            ("administrator", "Administrator"),
                        ],
                        default="reader",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Untick instead of deleting: what they said stays.",
                        verbose_name="active",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["username"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="user_name_once_whatever_its_case",
                        violation_error_message="This user name is taken: choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["reader", "contributor", "editor", "administrator"])
                        ),
                        name="user_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username", ""), _negated=True),
                        name="user_has_a_user_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="user_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadedSeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "initial data",
                "verbose_name_plural": "initial data",
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=300, verbose_name="name in English"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("intergovernmental", "Intergovernmental organization"),
                            ("civil_society", "Civil society"),
                            ("media", "Media"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "ordering": ["name_fr", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), ("name_fr", ""), _negated=True),
                        name="organization_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "government",
                                    "intergovernmental",
                                    "civil_society",
                                    "media",
                                    "other",
                                ],
                            )
                        ),
                        name="organization_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short address")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=300, verbose_name="name in English"),
                ),
                (
                    "parent_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="part of, in French"),
                ),
                (
                    "parent_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="part of, in English"
                    ),
                ),
                (
                    "symbol",
                    models.CharField(
                        blank=True,
                        help_text="As in CTOC/COP/WG.7",
                        max_length=60,
                        verbose_name="symbol of its documents",
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), ("name_fr", ""), _negated=True),
                        name="body_has_a_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="number in the history")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("follow_up", "Follow-up"),
                            ("amendment", "Amendment"),
                            ("retraction", "Retraction"),
                        ],
                        default="follow_up",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_information", "No information reported"),
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("partly_implemented", "Partly implemented"),
                            ("implemented", "Implemented"),
                            ("no_longer_applicable", "No longer applicable"),
                        ],
                        default="",
                        max_length=24,
                        verbose_name="status",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("reported", "Reported"), ("verified", "Verified")],
                        default="",
                        max_length=10,
                        verbose_name="basis",
                    ),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fr", "French"),
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                            ("es", "Spanish"),
                            ("pt", "Portuguese"),
                        ],
                        max_length=8,
                        verbose_name="language of the note",
                    ),
                ),
                ("happened_on", models.DateField(null=True, verbose_name="happened on")),
                (
                    "citation_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="sources"),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Public"), ("internal", "Internal")],
                        default="public",
                        max_length=10,
                        verbose_name="visibility",
                    ),
                ),
                (
                    "organization_as",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="its name at the time"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "recorded_as",
                    models.CharField(blank=True, max_length=150, verbose_name="name at the time"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("site", "the site"),
                            ("admin", "the administration"),
                            ("seed", "initial data"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("submission", models.UUIDField(verbose_name="submission")),
                ("salt", models.CharField(max_length=32)),
                ("content_digest", models.CharField(max_length=64)),
                ("previous_digest", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "target",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="tracker.followup",
                        verbose_name="entry that it corrects",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["implementation", "-sequence"],
                "indexes": [models.Index(fields=["-recorded_at", "-id"], name="followup_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("previous_digest", ""), ("sequence", 1)),
                            models.Q(
                                ("sequence__gt", 1),
                                models.Q(("previous_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followup_only_the_first_has_no_previous",
                    ),
                    models.UniqueConstraint(
                        fields=("recorded_by", "submission"), name="followup_recorded_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded_by__isnull", True)),
                        fields=("submission",),
                        name="followup_seeded_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "retraction"),
                            models.Q(
                                ("citation_count", 0), ("note", ""), ("status", ""), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="followup_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "retraction"), _negated=True),
                            models.Q(
                                ("citation_count", 0),
                                ("happened_on__isnull", True),
                                ("note", ""),
                                ("status", ""),
                            ),
                            _connector="OR",
                        ),
                        name="followup_retraction_says_only_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "follow_up"), ("reason", ""), ("target__isnull", True)
                            ),
                            models.Q(
                                models.Q(("kind", "follow_up"), _negated=True),
                                ("target__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followup_correction_has_target_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", ""), ("status", "")),
                            models.Q(
                                models.Q(("status", ""), _negated=True),
                                models.Q(("basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followup_status_has_a_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "verified"), _negated=True),
                            ("citation_count__gte", 1),
                            _connector="OR",
                        ),
                        name="followup_verified_status_cites_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("happened_on__isnull", True),
                            ("happened_on__lte", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="followup_happened_before_it_was_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded_by__isnull", False), ("channel", "seed"), _connector="OR"
                        ),
                        name="followup_somebody_recorded_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["follow_up", "amendment", "retraction"])),
                        name="followup_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "no_information",
                                    "not_started",
                                    "in_progress",
                                    "partly_implemented",
                                    "implemented",
                                    "no_longer_applicable",
                                    "",
                                ],
                            )
                        ),
                        name="followup_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["reported", "verified", ""])),
                        name="followup_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visibility__in", ["public", "internal"])),
                        name="followup_visibility_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["site", "admin", "seed"])),
                        name="followup_channel_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("language__in", ["fr", "en", "ar", "zh", "ru", "es", "pt"])
                        ),
                        name="followup_language_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Implementation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("no_information", "No information reported"),
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("partly_implemented", "Partly implemented"),
                            ("implemented", "Implemented"),
                            ("no_longer_applicable", "No longer applicable"),
                        ],
                        default="no_information",
                        editable=False,
                        max_length=24,
                        verbose_name="status",
                    ),
                ),
                ("status_since", models.DateField(editable=False, null=True, verbose_name="since")),
                (
                    "reported_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_information", "No information reported"),
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("partly_implemented", "Partly implemented"),
                            ("implemented", "Implemented"),
                            ("no_longer_applicable", "No longer applicable"),
                        ],
                        default="",
                        editable=False,
                        max_length=24,
                    ),
                ),
                (
                    "verified_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_information", "No information reported"),
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("partly_implemented", "Partly implemented"),
                            ("implemented", "Implemented"),
                            ("no_longer_applicable", "No longer applicable"),
                        ],
                        default="",
                        editable=False,
                        max_length=24,
                    ),
                ),
                (
                    "last_activity_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last entry"),
                ),
                (
                    "entry_count",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="follow-ups"
                    ),
                ),
                (
                    "source_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="sources"),
                ),
                ("head_sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "head_digest",
                    models.CharField(blank=True, default="", editable=False, max_length=64),
                ),
                (
                    "last_entry",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.followup",
                    ),
                ),
                (
                    "reported_entry",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.followup",
                    ),
                ),
                (
                    "status_entry",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.followup",
                    ),
                ),
                (
                    "verified_entry",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.followup",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who carries it out in this State",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="tracker.organization",
                        verbose_name="lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "implementation",
                "verbose_name_plural": "implementations",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["status"], name="implementation_by_status"),
                    models.Index(fields=["-last_activity_at"], name="implementation_by_activity"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "no_information",
                                    "not_started",
                                    "in_progress",
                                    "partly_implemented",
                                    "implemented",
                                    "no_longer_applicable",
                                ],
                            )
                        ),
                        name="implementation_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reported_status__in",
                                [
                                    "no_information",
                                    "not_started",
                                    "in_progress",
                                    "partly_implemented",
                                    "implemented",
                                    "no_longer_applicable",
                                    "",
                                ],
                            )
                        ),
                        name="implementation_reported_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verified_status__in",
                                [
                                    "no_information",
                                    "not_started",
                                    "in_progress",
                                    "partly_implemented",
                                    "implemented",
                                    "no_longer_applicable",
                                    "",
                                ],
                            )
                        ),
                        name="implementation_verified_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("head_digest", ""), ("head_sequence", 0)),
                            models.Q(
                                ("head_sequence__gte", 1),
                                models.Q(("head_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="implementation_head_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status_entry__isnull", False), ("status_since__isnull", False)
                            ),
                            models.Q(
                                ("status", "no_information"),
                                ("status_entry__isnull", True),
                                ("status_since__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="implementation_status_comes_from_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_entry__isnull", True), ("reported_status", "")),
                            models.Q(
                                models.Q(("reported_status", ""), _negated=True),
                                ("reported_entry__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="implementation_reported_comes_from_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_entry__isnull", True), ("verified_status", "")),
                            models.Q(
                                models.Q(("verified_status", ""), _negated=True),
                                ("verified_entry__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="implementation_verified_comes_from_an_entry",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="implementation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="tracker.implementation",
                verbose_name="implementation",
            ),
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short address")),
                (
                    "short_fr",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="short name in French"
                    ),
                ),
                (
                    "short_en",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="short name in English"
                    ),
                ),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=300, verbose_name="name in English"),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="adopted on")),
            ],
            options={
                "verbose_name": "instrument",
                "verbose_name_plural": "instruments",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("short_en", ""), ("short_fr", ""), _negated=True),
                        name="instrument_has_a_short_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Begins the address of its recommendations: som-12",
                        unique=True,
                        verbose_name="short address",
                    ),
                ),
                (
                    "session",
                    models.PositiveSmallIntegerField(
                        help_text="12 for the 12th meeting", verbose_name="session"
                    ),
                ),
                (
                    "place_fr",
                    models.CharField(blank=True, max_length=120, verbose_name="place in French"),
                ),
                (
                    "place_en",
                    models.CharField(blank=True, max_length=120, verbose_name="place in English"),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(
                        blank=True, max_length=2, verbose_name="country"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "discussed_on",
                    models.DateField(
                        blank=True,
                        help_text="The day on which the recommendations were made, where it is known",
                        null=True,
                        verbose_name="day of the discussion",
                    ),
                ),
                (
                    "subject_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="subject in French"),
                ),
                (
                    "subject_en",
                    models.CharField(blank=True, max_length=300, verbose_name="subject in English"),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="tracker.body",
                        verbose_name="body",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["-starts_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("body", "session"), name="meeting_session_once_a_body"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="meeting_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discussed_on__isnull", True),
                            models.Q(
                                ("discussed_on__gte", models.F("starts_on")),
                                ("discussed_on__lte", models.F("ends_on")),
                            ),
                            _connector="OR",
                        ),
                        name="meeting_discussed_while_it_met",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("session__gte", 1)), name="meeting_session_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place_en", ""), ("place_fr", ""), _negated=True),
                        name="meeting_has_a_place",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="tracker.organization",
                verbose_name="on behalf of",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="tracker.organization",
                verbose_name="organization",
            ),
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "art."),
                            ("objective", "objective"),
                            ("target", "target"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="As in 6, or 17.18", max_length=20, verbose_name="number"
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provisions",
                        to="tracker.instrument",
                        verbose_name="instrument",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision",
                "verbose_name_plural": "provisions",
                "ordering": ["instrument__slug", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("instrument", "kind", "number"), name="provision_once_an_instrument"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["article", "objective", "target"])),
                        name="provision_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        name="provision_has_a_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.SlugField(
                        help_text="Its permanent address: som-12-1. Cannot be changed later.",
                        max_length=80,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("text", models.TextField(verbose_name="exact quotation")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fr", "French"),
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                            ("es", "Spanish"),
                            ("pt", "Portuguese"),
                        ],
                        default="fr",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "locator",
                    models.CharField(
                        blank=True,
                        help_text="As in: paragraph 14",
                        max_length=120,
                        verbose_name="where in it",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("discussion", "Raised in discussion"),
                            ("adopted", "Adopted by the working group"),
                            ("forwarded", "Forwarded"),
                            ("endorsed", "Endorsed by the conference"),
                        ],
                        default="discussion",
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                ("folded", models.TextField(blank=True, default="", editable=False)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="tracker.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "recommendation",
                "verbose_name_plural": "recommendations",
                "ordering": ["-meeting__starts_on", "meeting_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"), name="recommendation_number_once_a_meeting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="recommendation_number_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="recommendation_has_a_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ref", ""), _negated=True),
                        name="recommendation_has_a_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["discussion", "adopted", "forwarded", "endorsed"])
                        ),
                        name="recommendation_stage_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("language__in", ["fr", "en", "ar", "zh", "ru", "es", "pt"])
                        ),
                        name="recommendation_language_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="implementation",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="implementations",
                to="tracker.recommendation",
                verbose_name="recommendation",
            ),
        ),
        migrations.CreateModel(
            name="RecommendationProvision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_editorial",
                    models.BooleanField(
                        default=True,
                        help_text="Untick only if the quoted document itself says so.",
                        verbose_name="editorial reading",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "provision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_links",
                        to="tracker.provision",
                        verbose_name="provision",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provision_links",
                        to="tracker.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision",
                "verbose_name_plural": "provisions",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "provision"),
                        name="provision_once_a_recommendation",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="recommendation",
            name="provisions",
            field=models.ManyToManyField(
                related_name="recommendations",
                through="tracker.RecommendationProvision",
                to="tracker.provision",
            ),
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in link",
                "verbose_name_plural": "sign-in links",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="sign_in_link_expires_after_creation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        help_text="Cannot be changed once it is known: entries are sealed over it.",
                        max_length=2000,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="title")),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=200, verbose_name="publisher"),
                ),
                ("author", models.CharField(blank=True, max_length=200, verbose_name="author")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("government", "Government"),
                            ("intergovernmental", "Intergovernmental organization"),
                            ("civil_society", "Civil society"),
                            ("media", "Media"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind of publisher",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fr", "French"),
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                            ("es", "Spanish"),
                            ("pt", "Portuguese"),
                        ],
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "published_on",
                    models.DateField(blank=True, null=True, verbose_name="published on"),
                ),
                ("summary_fr", models.TextField(blank=True, verbose_name="summary in French")),
                ("summary_en", models.TextField(blank=True, verbose_name="summary in English")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="known since",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "http://"),
                            ("url__startswith", "https://"),
                            _connector="OR",
                        ),
                        name="source_is_a_web_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "government",
                                    "intergovernmental",
                                    "civil_society",
                                    "media",
                                    "other",
                                    "",
                                ],
                            )
                        ),
                        name="source_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("language__in", ["fr", "en", "ar", "zh", "ru", "es", "pt", ""])
                        ),
                        name="source_language_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="recommendation",
            name="origin",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recommendations",
                to="tracker.source",
                verbose_name="where the quotation is from",
            ),
        ),
        migrations.CreateModel(
            name="Difficulty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(verbose_name="short address")),
                (
                    "title_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="title in French"),
                ),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=300, verbose_name="title in English"),
                ),
                ("summary_fr", models.TextField(blank=True, verbose_name="summary in French")),
                ("summary_en", models.TextField(blank=True, verbose_name="summary in English")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="difficulties",
                        to="tracker.meeting",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "bears_on",
                    models.ManyToManyField(
                        blank=True,
                        related_name="difficulties",
                        to="tracker.recommendation",
                        verbose_name="bears on",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="difficulties",
                        to="tracker.source",
                        verbose_name="where it was named",
                    ),
                ),
            ],
            options={
                "verbose_name": "difficulty",
                "verbose_name_plural": "difficulties",
                "ordering": ["meeting", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "slug"), name="difficulty_once_a_meeting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_fr", ""), _negated=True),
                        name="difficulty_has_a_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("quotation", models.TextField(blank=True, default="", verbose_name="quotation")),
                (
                    "title",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="title, as cited"
                    ),
                ),
                (
                    "publisher",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="publisher, as cited"
                    ),
                ),
                (
                    "published_on",
                    models.DateField(null=True, verbose_name="published on, as cited"),
                ),
                (
                    "followup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="tracker.followup",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="tracker.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation",
                "verbose_name_plural": "citations",
                "ordering": ["followup", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("followup", "source"), name="citation_once_an_entry"
                    ),
                    models.UniqueConstraint(
                        fields=("followup", "position"), name="citation_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="citation_position_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=2, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
            ],
            options={
                "verbose_name": "State",
                "verbose_name_plural": "States",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                (
                                    "AD",
                                    "AE",
                                    "AF",
                                    "AG",
                                    "AI",
                                    "AL",
                                    "AM",
                                    "AO",
                                    "AQ",
                                    "AR",
                                    "AS",
                                    "AT",
                                    "AU",
                                    "AW",
                                    "AX",
                                    "AZ",
                                    "BA",
                                    "BB",
                                    "BD",
                                    "BE",
                                    "BF",
                                    "BG",
                                    "BH",
                                    "BI",
                                    "BJ",
                                    "BL",
                                    "BM",
                                    "BN",
                                    "BO",
                                    "BQ",
                                    "BR",
                                    "BS",
                                    "BT",
                                    "BV",
                                    "BW",
                                    "BY",
                                    "BZ",
                                    "CA",
                                    "CC",
                                    "CD",
                                    "CF",
                                    "CG",
                                    "CH",
                                    "CI",
                                    "CK",
                                    "CL",
                                    "CM",
                                    "CN",
                                    "CO",
                                    "CR",
                                    "CU",
                                    "CV",
                                    "CW",
                                    "CX",
                                    "CY",
                                    "CZ",
                                    "DE",
                                    "DJ",
                                    "DK",
                                    "DM",
                                    "DO",
                                    "DZ",
                                    "EC",
                                    "EE",
                                    "EG",
                                    "EH",
                                    "ER",
                                    "ES",
                                    "ET",
                                    "FI",
                                    "FJ",
                                    "FK",
                                    "FM",
                                    "FO",
                                    "FR",
                                    "GA",
                                    "GB",
                                    "GD",
                                    "GE",
                                    "GF",
                                    "GG",
                                    "GH",
                                    "GI",
                                    "GL",
                                    "GM",
                                    "GN",
                                    "GP",
                                    "GQ",
                                    "GR",
                                    "GS",
                                    "GT",
                                    "GU",
                                    "GW",
                                    "GY",
                                    "HK",
                                    "HM",
                                    "HN",
                                    "HR",
                                    "HT",
                                    "HU",
                                    "ID",
                                    "IE",
                                    "IL",
                                    "IM",
                                    "IN",
                                    "IO",
                                    "IQ",
                                    "IR",
                                    "IS",
                                    "IT",
                                    "JE",
                                    "JM",
                                    "JO",
                                    "JP",
                                    "KE",
                                    "KG",
                                    "KH",
                                    "KI",
                                    "KM",
                                    "KN",
                                    "KP",
                                    "KR",
                                    "KW",
                                    "KY",
                                    "KZ",
                                    "LA",
                                    "LB",
                                    "LC",
                                    "LI",
                                    "LK",
                                    "LR",
                                    "LS",
                                    "LT",
                                    "LU",
                                    "LV",
                                    "LY",
                                    "MA",
                                    "MC",
                                    "MD",
                                    "ME",
                                    "MF",
                                    "MG",
                                    "MH",
                                    "MK",
                                    "ML",
                                    "MM",
                                    "MN",
                                    "MO",
                                    "MP",
                                    "MQ",
                                    "MR",
                                    "MS",
                                    "MT",
                                    "MU",
                                    "MV",
                                    "MW",
                                    "MX",
                                    "MY",
                                    "MZ",
                                    "NA",
                                    "NC",
                                    "NE",
                                    "NF",
                                    "NG",
                                    "NI",
                                    "NL",
                                    "NO",
                                    "NP",
                                    "NR",
                                    "NU",
                                    "NZ",
                                    "OM",
                                    "PA",
                                    "PE",
                                    "PF",
                                    "PG",
                                    "PH",
                                    "PK",
                                    "PL",
                                    "PM",
                                    "PN",
                                    "PR",
                                    "PS",
                                    "PT",
                                    "PW",
                                    "PY",
                                    "QA",
                                    "RE",
                                    "RO",
                                    "RS",
                                    "RU",
                                    "RW",
                                    "SA",
                                    "SB",
                                    "SC",
                                    "SD",
                                    "SE",
                                    "SG",
                                    "SH",
                                    "SI",
                                    "SJ",
                                    "SK",
                                    "SL",
                                    "SM",
                                    "SN",
                                    "SO",
                                    "SR",
                                    "SS",
                                    "ST",
                                    "SV",
                                    "SX",
                                    "SY",
                                    "SZ",
                                    "TC",
                                    "TD",
                                    "TF",
                                    "TG",
                                    "TH",
                                    "TJ",
                                    "TK",
                                    "TL",
                                    "TM",
                                    "TN",
                                    "TO",
                                    "TR",
                                    "TT",
                                    "TV",
                                    "TW",
                                    "TZ",
                                    "UA",
                                    "UG",
                                    "UM",
                                    "US",
                                    "UY",
                                    "UZ",
                                    "VA",
                                    "VC",
                                    "VE",
                                    "VG",
                                    "VI",
                                    "VN",
                                    "VU",
                                    "WF",
                                    "WS",
                                    "YE",
                                    "YT",
                                    "ZA",
                                    "ZM",
                                    "ZW",
                                ),
                            )
                        ),
                        name="state_code_is_iso_3166_1",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="organization",
            name="state",
            field=models.ForeignKey(
                blank=True,
                help_text="A government has one; its people record for that State only.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organizations",
                to="tracker.state",
                verbose_name="State",
            ),
        ),
        migrations.AddField(
            model_name="implementation",
            name="state",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="implementations",
                to="tracker.state",
                verbose_name="State",
            ),
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short address")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=200, verbose_name="name in French"),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="name in English"),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), ("name_fr", ""), _negated=True),
                        name="theme_has_a_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecommendationTheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_editorial",
                    models.BooleanField(
                        default=True,
                        help_text="Untick only if the quoted document itself says so.",
                        verbose_name="editorial reading",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="theme_links",
                        to="tracker.recommendation",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_links",
                        to="tracker.theme",
                        verbose_name="theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "theme"), name="theme_once_a_recommendation"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="recommendation",
            name="themes",
            field=models.ManyToManyField(
                related_name="recommendations",
                through="tracker.RecommendationTheme",
                to="tracker.theme",
            ),
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fr", "French"),
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("zh", "Chinese"),
                            ("ru", "Russian"),
                            ("es", "Spanish"),
                            ("pt", "Portuguese"),
                        ],
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("is_official", models.BooleanField(default=False, verbose_name="official")),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        help_text="An official translation says where it was published.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="tracker.source",
                        verbose_name="where it is from",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="tracker.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "language"), name="translation_once_a_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="translation_has_a_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("language__in", ["fr", "en", "ar", "zh", "ru", "es", "pt"])
                        ),
                        name="translation_language_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_official", False), ("origin__isnull", False), _connector="OR"
                        ),
                        name="translation_official_says_where_from",
                        violation_error_message="An official translation says where it was published: choose its source.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                fields=("implementation", "sequence"), name="followup_sequence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "reported"), _negated=True),
                    ("organization__isnull", False),
                    _connector="OR",
                ),
                name="followup_reported_status_has_an_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "contributor"), _negated=True),
                    ("organization__isnull", False),
                    _connector="OR",
                ),
                name="user_contributor_has_an_organization",
                violation_error_message="A contributor records for an organization: choose which one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "government"), _negated=True),
                    ("state__isnull", False),
                    _connector="OR",
                ),
                name="organization_government_has_a_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="implementation",
            constraint=models.UniqueConstraint(
                fields=("recommendation", "state"), name="implementation_once_a_state"
            ),
        ),
    ]
