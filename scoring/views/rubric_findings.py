"""The findings of a rubric's check as its page lists them: weight, place, figures, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from emulation.enums import Tone
from scoring.models import Rubric
from scoring.rules.enums import Severity
from scoring.rules.lint import Finding
from scoring.views.rubric_rows import CriterionRow, SectionTable

WHOLE_TABLE = "#thong-tin-chung"
_SEVERITIES = {
    Severity.ERROR: ("lỗi", Tone.BAD),
    Severity.WARNING: ("cần xem", Tone.WARNING),
    Severity.NOTE: ("lưu ý", Tone.QUIET),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A criterion as it is read beside another one."""

    anchor: str
    section: str
    row: CriterionRow


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with the badge of its weight and the place on the page that it leads to."""

    label: str
    tone: str
    place: str
    anchor: str
    message: str
    advice: str
    compared: tuple[Compared, ...]


def unwaived(rubric: Rubric, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that the issued rubric carries with a reason."""
    waived = {(each["rule"], each["place"]) for each in rubric.waivers}
    return [each for each in findings if (each.rule.value, each.place) not in waived]


def finding_rows(findings: Iterable[Finding], sections: Sequence[SectionTable]) -> list[FindingRow]:
    """Return the findings as the page lists them."""
    criteria = {
        row.code: Compared(f"#tieu-chi-{row.id}", section.title, row)
        for section in sections
        for row in section.rows
    }
    parts = {section.code: f"#phan-{section.id}" for section in sections}
    return [_row(finding, criteria, parts) for finding in findings]


def _row(
    finding: Finding, criteria: Mapping[str, Compared], sections: Mapping[str, str]
) -> FindingRow:
    anchor = WHOLE_TABLE
    if finding.of_section:
        anchor = sections.get(finding.node, WHOLE_TABLE)
    elif finding.node in criteria:
        anchor = criteria[finding.node].anchor
    codes = (finding.node, *finding.others) if finding.others else ()
    return FindingRow(
        *_SEVERITIES[finding.severity],
        place=finding.place,
        anchor=anchor,
        message=finding.message,
        advice=finding.advice,
        compared=tuple(criteria[code] for code in codes if code in criteria),
    )
