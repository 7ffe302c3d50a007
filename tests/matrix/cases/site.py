"""Home, log-in, the administrator's registers."""

from __future__ import annotations

from tests.matrix.cases.frame import Case, body, none
from tests.story import PASSWORD

# ---------------------------------------------------------------- site

LOGIN = body(username="own-officer", password=PASSWORD)
NEW_PASSWORD = "mua-xuan-que-huong"

SITE = {
    "home": Case("running", none),
    "login": Case("running", none, LOGIN, leaves_no_trace=True),
    "logout": Case("running", none, leaves_no_trace=True),
    "password_change": Case(
        "running",
        none,
        body(old_password=PASSWORD, new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD),
    ),
    "password_change_done": Case("running", none),
    **{
        f"admin:{name}": Case("running", none)
        for name in (
            "index",
            "emulation_user_changelist",
            "emulation_user_add",
            "blocs_post_changelist",
            "blocs_post_add",
        )
    },
}
