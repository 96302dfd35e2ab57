"""Django's settings, all from the environment (see `environment.py`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from guildhall.config.environment import kept_secret, make_home, read_environment

_env = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent
PRODUCTION: bool = _env["GUILDHALL_MODE"] == "production"
DEBUG = False

GUILDHALL_HOME = Path(_env["GUILDHALL_HOME"]).resolve()
GUILDHALL_ORIGIN: str = _env["GUILDHALL_ORIGIN"]
GUILDHALL_TITLE: str = _env["GUILDHALL_TITLE"]
GUILDHALL_CONTACT: str = _env["GUILDHALL_CONTACT"]
GUILDHALL_LOG_KEY: bytes = _env["GUILDHALL_LOG_KEY"]
GUILDHALL_WORKERS: int = _env["GUILDHALL_WORKERS"]
GUILDHALL_METRICS_TOKEN: str = _env["GUILDHALL_METRICS_TOKEN"]
SECRET_KEY = _env["SECRET_KEY"] or kept_secret(GUILDHALL_HOME, "secret-key")
ALLOWED_HOSTS: list[str] = _env["GUILDHALL_HOSTS"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "guildhall.kit",
    "guildhall.search",
    "guildhall.registers",
    "guildhall.accounts",
    "guildhall.reading",
    "guildhall.publishing",
]
ROOT_URLCONF = "guildhall.config.urls"
WSGI_APPLICATION = "guildhall.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "guildhall.config.probes.Probes",
    "guildhall.kit.watched.Watched",
    "guildhall.kit.replica.ReadsFromReplica",
    "guildhall.reading.middleware.NothingNew",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",  # refuses host names that are not ours
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guildhall.kit.middleware.Answers",
]

_database: dict[str, Any] = _env["DATABASE_URL"] or {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": GUILDHALL_HOME / "guildhall.sqlite3",
}
if _database["ENGINE"].endswith("sqlite3"):
    make_home(GUILDHALL_HOME)
    _database["OPTIONS"] = {
        # Write transactions take the lock at once, so that two of them never deadlock half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut. WAL: readers never wait for the writer.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; "
        # In pages of 4 KB: a large publication then writes each page of an index to the file once, not many times.
        "PRAGMA wal_autocheckpoint=4000;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
# Kept open from request to request: to open SQLite's file and set it up takes as long as most answers.
_database["CONN_MAX_AGE"] = 60
DATABASES = {"default": _database}
if _env["DATABASE_REPLICA_URL"]:
    _options = _env["DATABASE_REPLICA_URL"].get("OPTIONS", {})
    DATABASES["replica"] = _env["DATABASE_REPLICA_URL"] | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Where it is away, a page waits no longer than this, once in a few seconds.
        "OPTIONS": _options | {"connect_timeout": 2},
        "TEST": {"MIRROR": "default"},
    }

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / "kit" / "templates", PACKAGE / "reading" / "templates"],
        "OPTIONS": {"environment": "guildhall.kit.jinja.environment"},
    }
]

STATIC_URL = "/static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "en-gb"
# Welsh ("cy") joins when it is translated: until then a Welsh reader would get English with Welsh month names.
# Django's LocaleMiddleware joins with it: before, it would only make caches tell readers apart who see the same.
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
APPEND_SLASH = False
# Web pages are asked for by GET alone in this release. What programs publish has bounds of its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"unexpected": {"()": "guildhall.kit.logs.Unexpected"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "guildhall.kit.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR", "filters": ["unexpected"]},
        # A line for each request is for programs; whoever develops looks for what is wrong.
        "guildhall.requests": {"level": "INFO" if PRODUCTION else "WARNING"},
    },
}
