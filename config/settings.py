"""Settings, all from the environment; `docs/settings.md` lists them, `manage.py check` and `manage.py doctor` judge them."""

from pathlib import Path

import environ

from config.log_settings import logging_settings
from config.own_settings import own_settings
from config.sign_in_settings import sign_in_backends, sign_in_middleware, sign_in_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if env.str("SNAPSHOTTER_ENV_FILE", default=""):
    environ.Env.read_env(env.str("SNAPSHOTTER_ENV_FILE"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SNAPSHOTTER = {**own_settings(env), **sign_in_settings(env)}

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "operations",
    "drift",
    "rollback",
    "versions",
    "snapshotter",
    "knox",  # before catalog, which has its own page for tokens
    "catalog",
    "auditlog",  # before audit, which puts its own list in place of auditlog's
    "audit",
    "config.apps.SnapshotterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "audit.middleware.RequestContextMiddleware",  # first: every answer carries the request id
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *sign_in_middleware(SNAPSHOTTER),
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.release_guard.ReleaseGuardMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("DATABASE_CONN_MAX_AGE", default=60))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("mysql"):
    # The collation must be the database's own: guardian compares a cast number with text, and MySQL refuses two collations.
    DATABASES["default"]["OPTIONS"] = {
        "charset": "utf8mb4",
        "collation": "utf8mb4_bin",
        "isolation_level": "read committed",
        "init_command": "SET sql_mode='STRICT_TRANS_TABLES', innodb_lock_wait_timeout=10, time_zone='+00:00'",
    }
elif DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Comments on columns are for those who read the tables in MySQL; SQLite has none.
    SILENCED_SYSTEM_CHECKS = ["fields.W163", "models.W046"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    *sign_in_backends(SNAPSHOTTER),  # after it: accounts of our own sign in whatever a directory does
    "guardian.backends.ObjectPermissionBackend",
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
LOGIN_URL = "admin:login"
GUARDIAN_RAISE_403 = True
ANONYMOUS_USER_NAME = None  # nobody may do anything without signing in
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "catalog.sign_in.names.throttled_name"  # a directory does not tell Anna from anna
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "state"]  # of a sign-in service's way back
AXES_CLIENT_IP_CALLABLE = "audit.middleware.client_address"  # behind a proxy everybody would have the proxy's address

# --- mail, for alerts
_mail = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="snapshotter@localhost")

# --- audit
AUDITLOG_LOGENTRY_MODEL = "audit.AuditEntry"

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.authentication.ServiceTokenAuthentication",
        "config.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api_errors.exception_handler",
    "DEFAULT_PAGINATION_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # the parameter `format` is the difference's own
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Snapshotter",
    "DESCRIPTION": "Versions of Apache DolphinScheduler workflows: publish, compare, bring back.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {  # fields of one name with different choices
        "RunKindEnum": "operations.choices.RunKind",
        "RunStateEnum": "operations.choices.RunState",
        "WeekdayEnum": "snapshotter.choices.Weekday",
        "RollbackStateEnum": "rollback.choices.State",
        "DriftStateEnum": "drift.choices.ItemState",
        "OnlineEnum": "snapshotter.choices.Online",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  a model's name: its default, which a migration of ours names
REST_KNOX = {
    "TOKEN_TTL": None,  # every token is made with its own expiry
    "AUTH_HEADER_PREFIX": "Bearer",
}
# The body cap of the API is ours (MAX_BODY_BYTES); this one must not be lower.
DATA_UPLOAD_MAX_MEMORY_SIZE = SNAPSHOTTER["MAX_BODY_BYTES"] + 1_000_000

# --- languages and time
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- files
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- safety
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # probes come without TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the admin's own style sheets hold data: images
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Celery
ALIVE_FILE = env.str(
    "SNAPSHOTTER_ALIVE_FILE", default=""
)  # a worker and beat touch it, for health checks of containers
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.str("CELERY_KEY_PREFIX", default="snapshotter:"),
    # Redis keeps no list of what was taken and not acknowledged: rows hold the truth, and the sweep finds what is lost with a worker.
    # With such a list kombu 5.7 ends the whole worker where Redis goes away while it has a message in hand.
    "ack_emulation": False,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
}
CELERY_TIMEZONE = "UTC"
SWEEP = env.float("SNAPSHOTTER_SWEEP", default=30.0)  # seconds
_SOON = {"schedule": SWEEP, "options": {"expires": 10 * SWEEP}}  # while no worker takes them, they must not pile up
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "snapshotter.tasks.sweep", **_SOON},
    "work_many_rollbacks": {"task": "rollback.tasks.work_many", **_SOON},
    "sweep_rollbacks": {"task": "rollback.tasks.sweep", **_SOON},
    "inspect": {"task": "drift.tasks.inspect", **_SOON},
    "sweep_runs": {"task": "operations.tasks.sweep_runs", **_SOON},
    "seal_trail": {"task": "operations.tasks.seal_trail", **_SOON},
    "alert": {"task": "operations.tasks.alert", **_SOON},
    "beat": {"task": "operations.tasks.beat", **_SOON},
    "retain": {"task": "operations.tasks.retain", "schedule": 3600.0},
}

# --- logs
LOG_FORMAT = env.str("SNAPSHOTTER_LOG_FORMAT", default="line")  # "line" for people, "json" for machines
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # a worker's lines look like everybody's, and carry the id
LOGGING = logging_settings(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO"))
