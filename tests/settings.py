"""The product's settings as the tests run them: no file is read, the clock may be set."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["ENV_FILE"] = ""
os.environ["SECRET_KEY"] = "tests-only-not-secret-0123456789-abcdefghijklmnopqrstuvwxyz"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ.pop("DEMO", None)
os.environ.pop("DEBUG", None)

from emulation.settings import *  # noqa: F403
from emulation.settings import DATABASES, STORAGES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and the live server share it. One folder per process.
    _folder = Path(tempfile.mkdtemp(prefix="giao-uoc-test-"))
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="giao-uoc-media-"))
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="giao-uoc-static-"))
atexit.register(shutil.rmtree, STATIC_ROOT, ignore_errors=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SITE_URL = "https://giaouoc.example.vn"
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
CLOCK_MAY_BE_SET = True
