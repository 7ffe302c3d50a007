"""One's own account and its sessions; the administrator's record of log-ins."""

from __future__ import annotations

from typing import Any

from emulation.models import PersonSession
from tests.matrix.cases.frame import Case, body, none
from tests.story import Story

KEY = "phien-cua-can-bo-dau-moi"


def _session_of_the_officer(story: Story) -> None:
    PersonSession.objects.create(user=story.officer_of("own"), session_key=KEY, device="Chrome")


def _its_number(_story: Story) -> dict[str, Any]:
    return {"session_id": PersonSession.objects.get(session_key=KEY).pk}


ACCOUNTS = {
    "account": Case("running", none),
    "account_edit": Case("running", none, body(phone="0912 345 678", email="ten@donvi.vn")),
    "session_close": Case("running", _its_number, prepare=_session_of_the_officer),
    "sessions_close_others": Case("running", none, leaves_no_trace=True),
    "door_records": Case("running", none),
}
