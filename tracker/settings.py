"""One settings module, read from the environment; the README lists the variables."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker import environment as given
from tracker.names.shown import overrides

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(given.env.str("SUIVI_VAR", default="") or ROOT / "var")
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

SITE_URL = given.site_url("SITE_URL")
BEHIND_PROXY = given.flag("BEHIND_PROXY", default=False)
HTTPS = SITE_URL.startswith("https://")
DEBUG = given.flag("DEBUG", default=False)
SECRET_KEY = given.secret_key(VAR)
ALLOWED_HOSTS = given.hosts("ALLOWED_HOSTS", SITE_URL)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# --- The application ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tracker.apps.TrackerConfig",
    "tracker.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "django_countries",
    "axes",
]
MIDDLEWARE = [
    "tracker.middleware.ReadableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # before those whose headers are for pages
    "tracker.csp.ContentSecurityPolicyMiddleware",
    "tracker.csp.PermissionsPolicyMiddleware",
    "tracker.middleware.CacheControlMiddleware",
    "tracker.replicas.ReplicaMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "tracker.middleware.SessionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.context.site",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The record --------------------------------------------------------------------------------------

SQLITE_OPTIONS: dict[str, Any] = {
    # A writer takes its lock at BEGIN and waits its turn: with DEFERRED, concurrent writers fail.
    "transaction_mode": "IMMEDIATE",
    "timeout": given.WAIT,
    "init_command": ";".join(
        [
            "PRAGMA journal_mode=WAL",  # readers do not wait for a writer
            "PRAGMA synchronous=FULL",  # what was acknowledged is on the disk
            "PRAGMA foreign_keys=ON",
            "PRAGMA recursive_triggers=ON",  # REPLACE asks the DELETE triggers too
            "PRAGMA mmap_size=134217728",
            "PRAGMA cache_size=-16000",
        ]
    ),
}
_database = given.database(default=f"sqlite:///{VAR / 'suivi.sqlite3'}")
_replica = given.replica(_database)
DATABASES = {"default": given.with_options(_database, SQLITE_OPTIONS)}
if _replica:
    DATABASES["replica"] = {
        **given.with_options(_replica, {}),
        "TEST": {"MIRROR": "default"},
    }
DATABASE_ROUTERS = ["tracker.replicas.ReadersReadTheReplica"]
CACHES = {"default": given.cache("CACHE_URL", _database)}
# Sessions are in the database; behind Valkey or Redis they are read from there.
SESSION_ENGINE = "django.contrib.sessions.backends." + (
    "cached_db" if CACHES["default"]["BACKEND"].endswith("RedisCache") else "db"
)

# --- Who is there ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ["username", "name", "email"]}  # type: ignore[assignment]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # names are unique by a constraint, whatever their case; it looks for unique=True only
    "security.W005",  # subdomains and browsers' preload lists are the domain owner's to decide
    "security.W008",  # redirects to HTTPS are the proxy's work
    "security.W021",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "overview"
STALE_DAYS = given.whole("STALE_DAYS", default=180, least=1, most=36_500)
SIGN_IN_LINK_HOURS = given.whole("SIGN_IN_LINK_HOURS", default=24, least=1, most=720)

# Ten wrong passwords for one name from one address wait for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "tracker.views.errors.too_many_attempts"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_CALLABLE = "tracker.addresses.account_name"
AXES_CLIENT_IP_CALLABLE = "tracker.addresses.client_address"
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_AGE = given.whole("SESSION_HOURS", default=14 * 24, least=1, most=8760) * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "suivi_session"
CSRF_COOKIE_NAME = "suivi_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tracker.views.errors.csrf_failure"

# --- What a browser may do ---------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy's work: behind it, health checks come in plain HTTP
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# For the few forms of ``middleware.LARGER``, and for who may send them: from all others, no file is read.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Languages ---------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "fr"
COUNTRIES_OVERRIDE = overrides()  # the United Nations’ names in place of the library’s
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["tracker.formats"]
LOCALE_PATHS = [ROOT / "tracker" / "locale"]

# --- Files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"secrets": {"()": "tracker.addresses.MaskSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
