"""One's own account and its sessions; the administrator's record of log-ins."""

from __future__ import annotations

from typing import Any

from emulation.models import Notice, PersonSession
from tests.matrix.cases.frame import Case, body, none
from tests.story import Story

SAID = "Thời hạn của Khối thay đổi."
KEY = "phien-cua-can-bo-dau-moi"


def _session_of_the_officer(story: Story) -> None:
    PersonSession.objects.create(user=story.officer_of("own"), session_key=KEY, device="Chrome")


def _its_number(_story: Story) -> dict[str, Any]:
    return {"session_id": PersonSession.objects.get(session_key=KEY).pk}


def _notice_to_the_officer(story: Story) -> None:
    Notice.objects.bulk_create(
        Notice(user=story.officer_of("own"), event="deadline.set", sentence=SAID, path="/")
        for _ in range(story.many)
    )


def _notice_number(_story: Story) -> dict[str, Any]:
    return {"notice_id": Notice.objects.filter(sentence=SAID).earliest("pk").pk}


ACCOUNTS = {
    "account": Case("running", none),
    "account_edit": Case(
        "running", none, body(phone="0912 345 678", email="ten@donvi.vn", mail_choice="daily")
    ),
    "notice_list": Case("running", none, prepare=_notice_to_the_officer),
    "notices_read": Case("running", none, body(den="1")),
    "notice_open": Case("running", _notice_number, prepare=_notice_to_the_officer),
    "session_close": Case("running", _its_number, prepare=_session_of_the_officer),
    "sessions_close_others": Case("running", none, leaves_no_trace=True),
    "door_records": Case("running", none),
}
