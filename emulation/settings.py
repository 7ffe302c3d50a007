"""Settings, all from the environment with safe defaults (see .env.example).

A file of settings is read first: the one named by ``ENV_FILE``, else ``.env``, else the demo's
``.env.demo`` that ``make run`` generates. What the environment itself says wins over the file.
"""

from __future__ import annotations

import os
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

# Lets generic Django classes be written with their type, as the type checker reads them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
_env_files = [os.environ["ENV_FILE"]] if "ENV_FILE" in os.environ else [".env", ".env.demo"]
for _name in _env_files:
    if _name and (BASE_DIR / _name).is_file():
        env.read_env(BASE_DIR / _name)
        break

DEMO: bool = env.bool("DEMO", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Set it in the environment or in the file .env "
        "(see .env.example); for a demonstration run `make run`, which generates one."
    )

_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS: list[str] = _LOOPBACK if DEMO else env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "emulation.apps.RegistersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "csp",
    "django_htmx",
    "import_export",
    "lucide",
    "simple_history",
    "emulation.apps.EmulationConfig",
    "blocs.apps.BlocsConfig",
    "pledges.apps.PledgesConfig",
    "scoring.apps.ScoringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "emulation.middleware.ForwardedAddressMiddleware",
    "emulation.middleware.PlainCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "emulation.middleware.AskToLogInMiddleware",
    "emulation.middleware.SessionLimitMiddleware",
    "emulation.middleware.PostLimitMiddleware",
    "emulation.middleware.BodyLimitMiddleware",
    "emulation.middleware.PlainTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "emulation.middleware.RefusalMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "emulation.urls"
WSGI_APPLICATION = "emulation.wsgi.application"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

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
                "emulation.site.context.site",
            ],
            "builtins": ["emulation.templatetags.giao_uoc"],
        },
    }
]

_DEFAULT_DATABASE = f"sqlite:///{BASE_DIR / 'var' / 'giao-uoc.sqlite3'}"
DATABASES = {"default": env.db_url("DATABASE_URL", default=_DEFAULT_DATABASE)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue instead of failing; readers never wait (write-ahead log).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "emulation.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "emulation.passwords.Length", "OPTIONS": {"min_length": 10}},
    {"NAME": "emulation.passwords.NotOnlyDigits"},
    {"NAME": "emulation.passwords.NotCommon"},
    {"NAME": "emulation.site.passwords.NotOwnWords"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# Within the window: so many failures of a name from one address; of all names from one address
# (more for people who have logged in from there before); of a name from all addresses together
# (addresses from which the person has logged in before are never closed by that).
LOGIN_FAILURE_WINDOW_SECONDS = 15 * 60
LOGIN_FAILURES_ALLOWED = 8
LOGIN_ADDRESS_FAILURES_ALLOWED: int = env.int("LOGIN_ADDRESS_FAILURES_ALLOWED", default=40)
LOGIN_NAME_FAILURES_ALLOWED = 30
# A session left alone ends, and every session ends after a working day: computers are shared.
SESSION_IDLE_SECONDS: int = env.int("SESSION_IDLE_SECONDS", default=4 * 60 * 60)
SESSION_MAX_SECONDS: int = env.int("SESSION_MAX_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_AGE = SESSION_MAX_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Forms sent in a minute, by a person; by an address where nobody is logged in.
POSTS_WINDOW_SECONDS = 60
POSTS_ALLOWED: int = env.int("POSTS_ALLOWED", default=120)
ANONYMOUS_POSTS_ALLOWED: int = env.int("ANONYMOUS_POSTS_ALLOWED", default=120)

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [BASE_DIR / "emulation" / "locale"]
FORMAT_MODULE_PATH = ["emulation.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
# No MEDIA_URL: an uploaded file is reached only through its owner's page.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
REQUEST_MAX_BYTES = 5 * UPLOAD_MAX_BYTES  # several files at once, and the form around them
SHEET_UPLOAD_MAX_BYTES = 200 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # 300 criteria x 5 fields, with room
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
CLOCK_MAY_BE_SET = False

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # evidence beside its line; our pages themselves forbid framing
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "emulation.site.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# The demo is served over plain HTTP on the loopback address; everything else over HTTPS.
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=not (DEMO or DEBUG))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not (DEMO or DEBUG)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "giao_uoc"
SECURE_HSTS_SECONDS: int = env.int(
    "SECURE_HSTS_SECONDS", default=0 if (DEMO or DEBUG) else 31_536_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
# Behind a proxy REMOTE_ADDR is the proxy's: one hop is trusted to say the visitor's.
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
PROXY_HOPS: int = env.int("PROXY_HOPS", default=1 if BEHIND_PROXY else 0)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; a page waits for the mail server
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="giao-uoc@localhost")

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
