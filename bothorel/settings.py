"""Settings, all from the environment; with none set, the embedded form: SQLite and an in-memory queue.

``DATABASE_URL`` and ``REDIS_URL`` together switch to PostgreSQL and Redis; the code is the same.
The table of variables is in the README.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bothorel import environment, styles

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Which form -----------------------------------------------------------------------------------

SERVERS = environment.servers()
EMBEDDED = SERVERS is None
DEBUG = environment.flag("DEBUG")

if SERVERS is None:
    VAR_DIR = environment.folder("BOTHOREL_VAR", BASE_DIR / "var")
    SECRET_KEY = environment.text("SECRET_KEY") or environment.kept_secret_key(VAR_DIR)
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    SITE_URL = environment.web_address("SITE_URL", "http://127.0.0.1:8000")
else:
    VAR_DIR = Path(environment.text("BOTHOREL_VAR", str(BASE_DIR / "var")))
    SECRET_KEY = environment.secret_key()
    environment.required("ALLOWED_HOSTS", "quand DATABASE_URL est défini : les noms d'hôte servis")
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
    environment.required("SITE_URL", "quand DATABASE_URL est défini : l'adresse publique du site")
    SITE_URL = environment.web_address("SITE_URL")

# --- What the product asks the operator -----------------------------------------------------------

DATAGOUV_URL = environment.web_address("DATAGOUV_URL", "https://www.data.gouv.fr")
CATALOGUE_URL = environment.web_address("CATALOGUE_URL")
OUTBOUND_ALLOW = environment.host_ports("OUTBOUND_ALLOW")
OUTBOUND_PROXY = environment.web_address("OUTBOUND_PROXY")
CA_BUNDLE = environment.file("CA_BUNDLE")
CONTACT = environment.text("CONTACT")
FORGE_TOKENS = {"github.com": environment.text("GITHUB_TOKEN"), "gitlab.com": environment.text("GITLAB_TOKEN")}
HOST_PER_MINUTE = environment.number("HOST_PER_MINUTE", 300, low=0, high=100_000)
HOST_CONNECTIONS = environment.number("HOST_CONNECTIONS", 4, low=1, high=100)
LEASE_SECONDS = environment.number("LEASE_SECONDS", 600, low=1, high=3600)
STATE_BRAND = environment.flag("STATE_BRAND")
DISPATCH_SECONDS = environment.number("DISPATCH_SECONDS", 60 if EMBEDDED else 120, low=5, high=3600)

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "widget_tweaks",
    "dsfr",
    "commitments",
    "ministries",
    "dashboards",
    "bothorel",
]

MIDDLEWARE = [
    "bothorel.heads.HeadMiddleware",
    "bothorel.compression.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "bothorel.opener.OpenerPolicyMiddleware",
    "bothorel.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboards.languages.LanguageMiddleware",
    "bothorel.readonly.ReadOnlyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bothorel.urls"
WSGI_APPLICATION = "bothorel.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "dashboards.pages.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data -----------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]

if SERVERS is None:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "bothorel.sqlite3",
            # Opening the file costs three times the rest of an answer that has not changed.
            "CONN_MAX_AGE": 60,
            # Without these three, one page in two fails while the robot writes.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
            # A file: threads on an in-memory test database meet "database table is locked".
            "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "bothorel"}}
else:
    DATABASES = {
        "default": {
            **environment.database(SERVERS[0]),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "bothorel.cache.ForgivingRedisCache",
            "LOCATION": SERVERS[1],
            "KEY_PREFIX": "bothorel",
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }

# --- The queue ------------------------------------------------------------------------------------

CELERY_BROKER_URL = "memory://localhost/" if SERVERS is None else SERVERS[1]
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"polling_interval": 0.1} if EMBEDDED else {"socket_connect_timeout": 3, "visibility_timeout": 3600}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A button that sends a task answers at once when the broker is down.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "bothorel"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
SETTLE_SECONDS = min(60, DISPATCH_SECONDS)
# A message that nobody took before the next one is dropped: what is due is in the database.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "dispatch": {
        "task": "commitments.tasks.dispatch_due",
        "schedule": DISPATCH_SECONDS,
        "options": {"expires": DISPATCH_SECONDS},
    },
    "settle": {
        "task": "commitments.tasks.settle_runs",
        "schedule": SETTLE_SECONDS,
        "options": {"expires": SETTLE_SECONDS},
    },
    "reconcile": {"task": "ministries.tasks.reconcile", "schedule": 60, "options": {"expires": 60}},
    "resume": {"task": "ministries.tasks.resume_uploads", "schedule": 60, "options": {"expires": 60}},
    "notices": {"task": "ministries.tasks.send_notices", "schedule": 300, "options": {"expires": 300}},
    "sessions": {
        "task": "ministries.accounts.tasks.forget_sessions",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    # Once a night; the other hours' tasks end at once, unless the machine slept through the night.
    "candidates": {"task": "commitments.tasks.match_candidates", "schedule": 3600, "options": {"expires": 3600}},
}

# --- People and language --------------------------------------------------------------------------

AUTH_USER_MODEL = "ministries.Agent"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/espace/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600
# Empty: no button, no address. Set: a second way in, beside passwords.
PROCONNECT = environment.proconnect()
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "ministries.accounts.backends.ProConnectBackend",
]
# Five failures for one account from one place close that door for a quarter of an hour, and no other: who knows an
# agent's address must not be able to keep him out. Nothing is kept of those who come in.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_CLIENT_IP_CALLABLE = "ministries.accounts.places.client_address"
AXES_USERNAME_CALLABLE = "ministries.accounts.places.account_named"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# --- Mail -----------------------------------------------------------------------------------------

# Without a server nothing is sent, and the pages that would send say so.
MAIL = environment.mail()
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if MAIL else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = MAIL.get("host", ""), MAIL.get("port", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("user", ""), MAIL.get("password", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("starttls", False), MAIL.get("tls", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("EMAIL_FROM", "Bothorel <ne-pas-repondre@localhost>")

# --- Static files ---------------------------------------------------------------------------------

# Set in the image, where collectstatic has run; without it files are served from where they lie.
STATIC_BUILT = environment.text("STATIC_ROOT")
STATIC_URL = "/static/"
STATIC_ROOT = Path(STATIC_BUILT) if STATIC_BUILT else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_BUILT
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Security -------------------------------------------------------------------------------------

HTTPS = SITE_URL.startswith("https://")

STYLES = styles.SHEET
# Same names as Django 6, which has them built in.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    # Ours is written in the page; Plotly inserts one that is empty.
    "style-src": ["'self'", styles.source(STYLES), styles.source("")],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# bothorel.opener says it, where it is of use.
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS") or ([SITE_URL] if HTTPS else [])
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
if HTTPS:
    # In front stands a proxy that ends TLS and sets this header itself (deploy/nginx.conf).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
# Neighbouring subdomains and browsers' preload lists are the operator's to decide, at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- The public API -------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # Public and read-only: no cookie, no account, nothing to forge.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # ``?format=csv`` is an unknown parameter like another: the suffix and Accept say the format.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min"},
    # The address counted is the one that our own proxy saw; a header that a client wrote counts for nothing.
    "NUM_PROXIES": 0 if EMBEDDED else 1,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bothorel",
    "DESCRIPTION": (
        "Ce que les ministères ont promis d'ouvrir, ce qu'ils déclarent, ce que l'on constate : trois réponses qui ne "
        "sont jamais fondues en une. Toutes les adresses prennent « au » (AAAA-MM-JJ), la situation de ce jour-là. "
        "Chaque liste est aussi un fichier CSV, entier : par « Accept: text/csv » ou par le suffixe « .csv » "
        "(/api/v1/commitments.csv). Lecture seule, sans compte, depuis n'importe quelle origine. "
        "Données sous Licence Ouverte 2.0."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": [],
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "commitments.models.Verdict.STATES",
        "ReadingStateEnum": "commitments.models.Reading.STATES",
        "KindEnum": "commitments.models.Deliverable.KINDS",
        "AccessPromisedEnum": "commitments.models.Deliverable.ACCESSES",
        "PortalEnum": "commitments.models.Location.Portal",
        "DeclaredStatusEnum": "ministries.models.Declaration.Status",
        "ContradictionKindEnum": "ministries.contradictions.CHOICES",
        "RunStatusEnum": "commitments.models.PollRun.Status",
        "EngagementKindEnum": "commitments.models.Engagement.EngagementKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Logs -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "bothorel.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": environment.choice("LOG_FORMAT", ("text", "json"), "text"),
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would say everything twice.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # It warns of the very shutdown that the embedded form asks for.
        "celery.worker.control": {"level": "ERROR"},
        **{name: {"level": "INFO"} for name in ("bothorel", "commitments", "ministries", "dashboards")},
    },
}
