"""What the pages are measured on: a bloc of twelve with sixty criteria, and a large bloc.

The sheet is filled in through the services, with evidence on every third line; the ranked blocs
stand as an adopted year leaves them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from blocs.enums import YearStatus
from emulation import clock
from emulation.models import User
from scoring.models import ScoreLine, ScoreSheet
from scoring.rules.inputs import LineInput, parse_input, to_json
from scoring.rules.rubric import CriterionRules
from scoring.selectors.rubrics import rules_of
from scoring.services.evidence import add_evidence
from tests.factories import World
from tests.scoring.builders import line_of, make_scoring_world, sheet_of
from tests.scoring.results.builders import Points, adopt, tabled_world

CRITERIA, UNITS, PROVINCE = 60, 12, 300
SECTIONS = 6
EACH = CRITERIA // SECTIONS

# A kind of criterion, and two answers to it that differ.
KINDS: tuple[tuple[dict[str, Any], tuple[dict[str, str], dict[str, str]]], ...] = (
    ({"kind": "deduct", "per": "0.5", "unit": "lần"}, ({"n": "0"}, {"n": "1"})),
    ({"kind": "direct", "step": "0.25"}, ({"points": "2"}, {"points": "1,75"})),
    (
        {"kind": "ratio", "step": "0.25", "unit": "chỉ tiêu"},
        (
            {"numerator": "20", "denominator": "20"},
            {"numerator": "18", "denominator": "20"},
        ),
    ),
    (
        {"kind": "choice", "levels": [["Tốt", 2], ["Khá", 1], ["Chưa đạt", 0]]},
        ({"level": "0"}, {"level": "1"}),
    ),
    ({"kind": "passfail"}, ({"passed": "1"}, {"passed": "0"})),
)


def document() -> dict[str, Any]:
    """A table of sixty base criteria in six parts, of the kinds that rubrics have."""
    return {
        "title": "Bảng chấm điểm sáu mươi tiêu chí",
        "scale_max": 2 * CRITERIA,
        "grades": [["Xuất sắc", 108], ["Tốt", 96], ["Chưa đạt", 0]],
        "tie_breaks": ["share"],
        "sections": [
            {
                "code": f"S{part}",
                "kind": "BASE",
                "title": f"Phần {part}",
                "max": 2 * EACH,
                "criteria": [_criterion(part, number) for number in range(EACH)],
            }
            for part in range(SECTIONS)
        ],
    }


def _criterion(part: int, number: int) -> dict[str, Any]:
    rule, _ = KINDS[number % len(KINDS)]
    title = f"Nội dung thứ {number + 1} của phần {part}, chấm theo kết quả thực hiện trong năm"
    asked = {"evidence": True} if number % 3 == 0 else {}
    return {"code": f"S{part}.{number}", "title": title, "max": 2} | rule | asked


class Filled:
    """A unit's sheet, filled in once and not handed in; ``body`` is what its page would send."""

    def __init__(self) -> None:
        self.world: World = make_scoring_world(UNITS, document=document())
        self.place = 2
        self.version = 1
        rows = self.sheet.lines.select_related("criterion").order_by("pk")
        self.keys = [(row.criterion_id, row.criterion.code) for row in rows]
        for _, code in self.keys:
            if int(code.partition(".")[2]) % 3 == 0:
                self._cite(code)

    @property
    def sheet(self) -> ScoreSheet:
        """The sheet, read anew."""
        return sheet_of(self.world, self.place)

    @property
    def officer(self) -> User:
        """Who fills it in."""
        return self.world.officers[self.place]

    def _cite(self, code: str) -> None:
        add_evidence(
            actor=self.officer,
            line=line_of(self.sheet, code),
            title=f"Báo cáo kết quả {code}",
            number="214/BC",
            issued_on=clock.today(),
            issuer="Sở Ví dụ",
        )

    def body(self) -> dict[str, str]:
        """Every line with another answer than it has, at the version that it has."""
        sent: dict[str, str] = {}
        for place, (key, _) in enumerate(self.keys):
            _, answers = KINDS[place % EACH % len(KINDS)]
            sent[f"c{key}-v"] = f"{self.version}.x"
            sent[f"c{key}-note"] = "Theo báo cáo năm"
            answer = answers[self.version % 2]
            sent |= {f"c{key}-{name}": text for name, text in answer.items()}
        return sent


def filled_table(units: int) -> World:
    """A bloc with sixty criteria, every line of every sheet entered; nothing handed in."""
    world = make_scoring_world(units, document=document())
    rules = rules_of(world.bloc_year.rubrics.get())
    lines = list(ScoreLine.objects.select_related("criterion").order_by("pk"))
    for line in lines:
        code = line.criterion.code
        line.self_input = to_json(_entered(rules.places[code].leaf, code))
    ScoreLine.objects.bulk_update(lines, ["self_input"], batch_size=500)
    world.bloc_year.refresh_from_db()
    return world


def _entered(leaf: CriterionRules, code: str) -> LineInput:
    _, (answer, _) = KINDS[int(code.partition(".")[2]) % len(KINDS)]
    entered = parse_input(leaf, answer)
    assert entered is not None
    return entered


def ranked(units: int, *, adopted: bool = True) -> World:
    """A bloc whose sheets are all approved, some totals equal; adopted unless said otherwise."""
    points = [
        Points(str(Decimal(95) - Decimal(place // 2) / 4), "3.00", "1.00", a="48.00")
        for place in range(units)
    ]
    world = tabled_world(points, status=YearStatus.MEETING)
    if adopted:
        adopt(world)
        world.bloc_year.refresh_from_db()
    return world
