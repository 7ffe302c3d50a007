"""Pledge, registrations, reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocs.enums import TermKind
from pledges.models import PledgeItem, Report
from pledges.services.reports import save_report, send_report
from tests.matrix.cases.frame import REASON, Arguments, Body, Case, body, unit_of, year
from tests.matrix.cases.years import member
from tests.story import YEAR, Story

# ---------------------------------------------------------------- pledges


def prepare_empty_year(story: Story) -> None:
    """A year of the bloc that has its head and no pledge yet."""
    later = story._open_year(story.bloc, YEAR + 2, story.members)
    story._lead(story.bloc, YEAR + 2, "head", TermKind.HEAD)
    story.keys["empty_year"] = later.pk


def empty_year(story: Story) -> dict[str, Any]:
    return {"year_id": story.keys["empty_year"]}


def item(story: Story) -> dict[str, Any]:
    rows = PledgeItem.objects.filter(pledge=story.pledge).order_by("position")
    return year(story) | {"item_id": rows[1].pk}


def comment(story: Story) -> dict[str, Any]:
    return year(story) | {"comment_id": story.keys["pledge_comment:own"]}


def new_comment(story: Story, role: str) -> dict[str, Any]:
    return {"membership": story.membership(unit_of(role)).pk, "item": "", "text": "Nhất trí"}


def signature(unit_name: str) -> Arguments:
    return lambda story: year(story) | {"signature_id": story.keys[f"signature:{unit_name}"]}


def versioned_pledge(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.pledge.version}


def heading(story: Story, _role: str) -> dict[str, Any]:
    return {"title": "Giao ước năm 2025", "version": story.pledge.version}


def membership(story: Story) -> dict[str, Any]:
    return {"membership_id": story.membership().pk}


def registered(story: Story, _role: str) -> dict[str, Any]:
    return {
        "version": story.registration().version,
        "so-targets": "1",
        "so-titles": "1",
        "chi-tieu-0-title": "Tỷ lệ hài lòng",
        "chi-tieu-0-value": "97,5",
        "chi-tieu-0-measure": "%",
        "danh-hieu-0-title": "Cờ thi đua",
    }


def versioned_registration(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.registration().version}


def unit_report(story: Story) -> dict[str, Any]:
    return membership(story) | {"kind": "so-ket"}


def bloc_report(story: Story) -> dict[str, Any]:
    return year(story) | {"kind": "so-ket"}


def written(version: Callable[[Story], int]) -> Body:
    return lambda story, _role: {"results": "Đạt 62 % kế hoạch.", "version": version(story)}


def version_of_report(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.report().version}


def write_bloc_report(story: Story) -> None:
    save_report(
        actor=story.officer_of("head"),
        bloc_year=story.year,
        membership=None,
        kind="interim",
        results="Khối hoàn thành 60 % kế hoạch.",
        limitations="",
        next_tasks="",
    )


def send_bloc_report(story: Story) -> None:
    write_bloc_report(story)
    report = Report.objects.get(bloc_year=story.year, membership=None)
    send_report(actor=story.officer_of("head"), report=report)


PLEDGES = {
    "pledge": Case("consulting"),
    "pledge_take": Case("consulting", post=body(transition="agree")),
    "pledge_print": Case("consulting"),
    "pledge_print@draft": Case("draft"),
    "pledge_docx": Case("consulting"),
    "pledge_docx@draft": Case("draft"),
    "pledge_draft": Case(
        "draft",
        empty_year,
        body(title="Giao ước", items="Nội dung một\nNội dung hai"),
        prepare=prepare_empty_year,
    ),
    "pledge_edit": Case("draft"),
    "pledge_heading": Case("draft", post=heading),
    "pledge_heading@late": Case("signing", post=heading),
    "pledge_item_add": Case("draft", post=body(text="Nội dung thêm")),
    "pledge_item_edit": Case("consulting", item, body(text="Nội dung sửa", version="1")),
    "pledge_item_move": Case("consulting", item, body(huong="len")),
    "pledge_item_drop": Case("consulting", item),
    "pledge_comment": Case("consulting", post=new_comment),
    "pledge_reply": Case("consulting", comment, body(reply="Tiếp thu")),
    "pledge_sign": Case("signing", member("own"), versioned_pledge),
    "pledge_sign@early": Case("consulting", member("own"), versioned_pledge),
    "pledge_paper_signature": Case(
        "signing",
        member("own"),
        body(signatory="Lê Văn A", office="Giám đốc", signed_on="10/03/2025"),
    ),
    "pledge_receipt": Case("running", signature("own")),
    "pledge_revoke": Case("running", signature("own"), body(reason="Ghi nhầm")),
    "pledge_revoke@paper": Case("running", signature("other"), body(reason="Ghi nhầm")),
    "pledge_revoke@closed": Case("closed", signature("own"), body(reason="Ghi nhầm")),
    "pledge_scan": Case("running", signature("other")),
    "registration_list": Case("running"),
    "registration": Case("running", membership),
    "registration@sent": Case("self_scoring", membership),
    "registration_edit": Case("running", membership, registered),
    "registration_edit@late": Case("self_scoring", membership, registered),
    "registration_edit@closed": Case("closed", membership, registered),
    "registration_send": Case("running", membership, versioned_registration),
    "registration_return": Case("self_scoring", membership, REASON),
    "report_list": Case("running"),
    "bloc_report": Case("running", bloc_report),
    "bloc_report@sent": Case("running", bloc_report, prepare=send_bloc_report),
    "bloc_report_edit": Case("running", bloc_report, written(lambda _: 0)),
    "bloc_report_send": Case("running", bloc_report, body(version="1"), prepare=write_bloc_report),
    "bloc_report_return": Case("running", bloc_report, REASON, prepare=send_bloc_report),
    "unit_report": Case("running", unit_report),
    "unit_report@sent": Case("self_scoring", unit_report),
    "unit_report_edit": Case("running", unit_report, written(lambda story: story.report().version)),
    "unit_report_send": Case("running", unit_report, version_of_report),
    "unit_report_return": Case("self_scoring", unit_report, REASON),
}
