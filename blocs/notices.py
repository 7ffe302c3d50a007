"""What blocs tell people: the year's steps, deadlines, meetings, who leads."""

from __future__ import annotations

from dataclasses import replace

from blocs.models import (
    BlocYear,
    Deadline,
    DeadlineExtension,
    HeadTerm,
    Meeting,
    Membership,
    SecretariatMember,
)
from blocs.selectors.audiences import (
    BLOC,
    BLOC_LEADERS,
    BOARD,
    HEAD,
    PERSONS,
    SECRETARIAT,
    UNIT,
)
from emulation.enums import Channel
from emulation.notices.table import About, Happening, Matter, Page, Source, Telling
from emulation.vietnamese import format_date

AT_ONCE, DIGEST, IN_APP = Channel.AT_ONCE, Channel.DIGEST, Channel.IN_APP

YEAR = Page("bloc_year", ("year_id",))
DEADLINES = Page("deadline_list", ("year_id",))
MEETING = Page("meeting", ("year_id", "meeting_id"))
# Pages of higher apps are led to by name: a notice is a link upward, as tasks are.
PLEDGE = Page("pledge", ("year_id",))
SHEETS = Page("sheet_list", ("year_id",))
RANKING = Page("ranking", ("year_id",))
DECISIONS = Page("decision_list", ("year_id",))
BLOC_PAGE = Page("bloc", ("bloc_id",))

BACK = "{year} quay lại bước “{step}”."
_GOES_BACK = tuple(
    Telling(f"bloc_year.back_to_{step}", (BLOC,), DIGEST, BACK, YEAR)
    for step in (
        *("draft", "consulting", "signing", "running"),
        *("self_scoring", "appraising", "meeting"),
    )
)

TELLINGS = (
    Telling(
        "bloc_year.open_signing",
        (BLOC_LEADERS,),
        AT_ONCE,
        "{year} mở ký giao ước thi đua; đề nghị lãnh đạo đơn vị đọc và ký.",
        PLEDGE,
    ),
    Telling("bloc_year.open_signing", (BLOC,), DIGEST, "{year} mở ký giao ước thi đua.", PLEDGE),
    Telling(
        "bloc_year.start_running",
        (BLOC,),
        DIGEST,
        "{year} chuyển sang thực hiện giao ước; các đơn vị đăng ký chỉ tiêu, danh hiệu.",
        YEAR,
    ),
    Telling(
        "bloc_year.open_self_scoring",
        (BLOC,),
        AT_ONCE,
        "{year} mở tự chấm điểm; đề nghị đơn vị chấm và nộp trong thời hạn.",
        SHEETS,
    ),
    Telling("bloc_year.start_appraising", (BLOC,), DIGEST, "{year} chuyển sang thẩm định.", YEAR),
    Telling(
        "bloc_year.table",
        (BLOC,),
        AT_ONCE,
        "Bảng tổng hợp của {year} được trình ra hội nghị bình xét.",
        RANKING,
    ),
    Telling(
        "bloc_year.adopt",
        (BLOC,),
        DIGEST,
        "Hội nghị của {year} thông qua kết quả bình xét.",
        RANKING,
    ),
    Telling(
        "bloc_year.submit",
        (BOARD,),
        AT_ONCE,
        "{year} trình hồ sơ đề nghị khen thưởng.",
        DECISIONS,
    ),
    Telling(
        "bloc_year.submit",
        (BLOC,),
        DIGEST,
        "Hồ sơ đề nghị khen thưởng của {year} đã trình Hội đồng.",
        YEAR,
    ),
    Telling(
        "bloc_year.return_dossier",
        (HEAD, SECRETARIAT),
        AT_ONCE,
        "Hồ sơ đề nghị khen thưởng của {year} được trả lại để hoàn chỉnh.",
        YEAR,
    ),
    Telling(
        "bloc_year.publish", (BLOC,), AT_ONCE, "Kết quả thi đua của {year} được công bố.", RANKING
    ),
    Telling(
        "bloc_year.correct",
        (BLOC, BOARD),
        DIGEST,
        "Kết quả đã công bố của {year} được điều chỉnh.",
        RANKING,
    ),
    Telling("bloc_year.close", (BLOC,), DIGEST, "{year} kết thúc; kết quả được lưu.", YEAR),
    *_GOES_BACK,
    Telling("deadline.set", (BLOC,), DIGEST, "Thời hạn của {year}: {dates}.", DEADLINES),
    Telling(
        "extension.grant",
        (UNIT,),
        AT_ONCE,
        "{unit} được gia hạn “{kind}” đến hết ngày {day}, {year}.",
        DEADLINES,
    ),
    Telling(
        "extension.grant",
        (SECRETARIAT,),
        DIGEST,
        "{unit} được gia hạn “{kind}” đến hết ngày {day}, {year}.",
        DEADLINES,
    ),
    Telling("meeting.record", (BLOC,), DIGEST, "{kind} của {year}: ngày {day}{place}.", MEETING),
    Telling(
        "term.begin",
        (UNIT,),
        AT_ONCE,
        "{unit} giữ vai trò {kind} năm {number} của {bloc}.",
        BLOC_PAGE,
    ),
    Telling(
        "secretary.name", (PERSONS,), AT_ONCE, "Đồng chí được phân công vào tổ thư ký {year}.", YEAR
    ),
)

UNTOLD = {
    "bloc_year.consult": "told when the draft of the pledge opens",
    "bloc_year.decide": "what the Council decided is not known before publication",
    "bloc_year.reopen_decision": "what the Council decided is not known before publication",
}


def source() -> Source:
    """Return the rows of blocs."""
    return Source(TELLINGS, ABOUT, UNTOLD)


def about_year(bloc_year: BlocYear, **words: str) -> Matter:
    """Return a matter of the whole bloc-year, with its name among the words."""
    return Matter(
        bloc_year=bloc_year,
        words={"year": str(bloc_year), **words},
        keys={"year_id": bloc_year.pk},
    )


def about_member(membership: Membership, **words: str) -> Matter:
    """Return a matter of one member, with the names of year and unit among the words."""
    year = membership.bloc_year
    return Matter(
        bloc_year=year,
        unit_id=membership.unit_id,
        words={"year": str(year), "unit": membership.unit_name, **words},
        keys={"year_id": year.pk, "membership_id": membership.pk},
    )


def _year(happening: Happening) -> Matter:
    bloc_year: BlocYear = happening.subject
    return about_year(bloc_year, step=bloc_year.step.label)


def _deadline(happening: Happening) -> Matter:
    """Several deadlines set in one deed are one happening of the year."""
    found: list[Deadline] = list(happening.more["deadlines"])
    dates = "; ".join(
        f"{each.get_kind_display()} đến hết ngày {format_date(each.due_on)}" for each in found
    )
    return about_year(happening.subject, dates=dates)


def _extension(happening: Happening) -> Matter:
    row: DeadlineExtension = happening.subject
    kind = row.deadline.get_kind_display()
    return about_member(row.membership, kind=kind, day=format_date(row.due_on))


def _meeting(happening: Happening) -> Matter:
    row: Meeting = happening.subject
    matter = about_year(
        row.bloc_year,
        kind=row.get_kind_display(),
        day=format_date(row.held_on),
        place=f", tại {row.place}" if row.place else "",
    )
    return replace(matter, keys={**matter.keys, "meeting_id": row.pk})


def _term(happening: Happening) -> Matter:
    """A term may begin before the year it is of has been created."""
    row: HeadTerm = happening.subject
    return Matter(
        unit_id=row.unit_id,
        words={
            "unit": row.unit.name,
            "kind": row.get_kind_display(),
            "number": str(row.year),
            "bloc": row.bloc.name,
        },
        keys={"bloc_id": row.bloc_id},
    )


def _secretary(happening: Happening) -> Matter:
    row: SecretariatMember = happening.subject
    return Matter(
        bloc_year=row.bloc_year,
        people=frozenset({row.user_id}),
        words={"year": str(row.bloc_year)},
        keys={"year_id": row.bloc_year_id},
    )


ABOUT = {
    "bloc_year": About(_year),
    "deadline": About(_deadline),
    "extension": About(_extension, ("deadline", "membership__bloc_year")),
    "meeting": About(_meeting, ("bloc_year",)),
    "term": About(_term, ("unit", "bloc")),
    "secretary": About(_secretary, ("bloc_year",)),
}
