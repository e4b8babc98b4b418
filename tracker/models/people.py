"""Who reports, who leads, and who has an account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models.base import Localized, either_language, one_of
from tracker.statuses import OrganizationKind, Role


class Organization(models.Model):
    """Who reports or leads: a ministry, a secretariat, an association, a newspaper."""

    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind)
    state = models.ForeignKey(
        "tracker.State",
        models.PROTECT,
        related_name="organizations",
        null=True,
        blank=True,
        verbose_name=_("State"),
        help_text=_("A government has one; its people record for that State only."),
    )
    name = Localized("name")

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name_fr", "id"]
        constraints = [
            either_language("name", "organization_has_a_name"),
            one_of("kind", OrganizationKind, "organization_kind_is_known"),
            models.CheckConstraint(
                condition=~models.Q(kind=OrganizationKind.GOVERNMENT)
                | models.Q(state__isnull=False),
                name="organization_government_has_a_state",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def governs(self, state_code: str) -> bool:
        """Whether this is the own government of that State: what it says is *reported*."""
        return self.kind == OrganizationKind.GOVERNMENT and self.state_id == state_code


USER_NAME = RegexValidator(
    r"^[\w.@+’'-]+( [\w.@+’'-]+)*\Z",
    _("Use letters, figures, single spaces and the signs . @ + - ’ in a user name."),
)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Names are one whatever their case, so that nobody can pass for somebody else."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their role, in ``permissions``."""

    username = models.CharField(_("user name"), max_length=150, validators=[USER_NAME])
    name = models.CharField(
        _("name"), max_length=150, help_text=_("As it is shown beside what this person records")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="people",
        null=True,
        blank=True,
        verbose_name=_("organization"),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick instead of deleting: what they said stays.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once_whatever_its_case",
                violation_error_message=_("This user name is taken: choose another."),
            ),
            one_of("role", Role, "user_role_is_known"),
            models.CheckConstraint(condition=~models.Q(username=""), name="user_has_a_user_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.CONTRIBUTOR) | models.Q(organization__isnull=False),
                name="user_contributor_has_an_organization",
                violation_error_message=_(
                    "A contributor records for an organization: choose which one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets them in (asked by Django's admin)."""
        return self.is_active and self.role in (Role.EDITOR, Role.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002
        """Django's question; the answer is ours (``permissions``), so that the two cannot differ."""
        from tracker.permissions import has_django_permission

        return has_django_permission(self, perm)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and app_label == "tracker"


class SignInLink(models.Model):
    """A link that signs somebody in once: the first administrator, or a person without a password.

    Only the digest of its secret is kept, so that who reads the database cannot use it.
    """

    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sign_in_links"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="sign_in_link_expires_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or _('first administrator')} ({self.expires_at:%Y-%m-%d %H:%M})"
