"""A piece of evidence in a cell: its name, its paper, how to open it, where else it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from emulation.enums import Tone
from emulation.files import is_viewable
from scoring.models import Evidence
from scoring.selectors.sheet_content import citation, evidence_title
from scoring.selectors.twins import NO_TWINS, Twins


@dataclass(frozen=True, slots=True)
class Remark:
    """Where else the content stands, with the tone in which an appraiser is told."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """One piece of evidence as pages show it.

    ``open_url`` takes the POST that notes the opening and leads to the file, and is empty for a
    paper merely cited; ``view_url`` shows it beside the line, ``file_url`` downloads it.
    """

    evidence_id: int
    title: str
    detail: str
    file: str
    open_url: str
    view_url: str
    file_url: str
    is_viewable: bool
    is_picture: bool
    remarks: tuple[Remark, ...]
    remove_url: str


def evidence_cell(
    each: Evidence, sheet_id: int, twins: Twins = NO_TWINS, detail: str | None = None
) -> EvidenceCell:
    """Return one piece of evidence for a cell; ``detail`` in the place of its citation."""
    args = [sheet_id, each.pk]
    stored = each.file
    return EvidenceCell(
        evidence_id=each.pk,
        title=evidence_title(each),
        detail=citation(each) if detail is None else detail,
        file=f"{stored.original_name}, {filesizeformat(stored.size)}" if stored else "",
        open_url=reverse("evidence_open", args=args) if stored else "",
        view_url=reverse("evidence_view", args=args) if stored else "",
        file_url=reverse("evidence", args=args) if stored else "",
        is_viewable=bool(stored and is_viewable(stored)),
        is_picture=bool(stored and stored.content_type.startswith("image/")),
        remarks=tuple(_remarks(twins)),
        remove_url=reverse("evidence_remove", args=args),
    )


def _remarks(twins: Twins) -> Iterator[Remark]:
    if twins.shared:
        yield Remark(f"dùng chung với tiêu chí {', '.join(twins.shared)}", Tone.QUIET)
    if twins.repeated:
        yield Remark(f"cùng nội dung với tiêu chí {', '.join(twins.repeated)}", Tone.WARNING)
    if twins.before:
        yield Remark(f"đơn vị đã dùng {'; '.join(twins.before)}", Tone.WARNING)
    if twins.elsewhere:
        yield Remark(f"trùng tệp của {'; '.join(twins.elsewhere)}", Tone.BAD)
