"""Evidence for a line: files, or citations of papers kept elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.files import MEGABYTE, FileRefused, atomic_with_files, store
from emulation.models import StoredFile, User
from emulation.vietnamese import nfc
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_add_evidence
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.predecessors import predecessors_evidence
from scoring.selectors.sheets import evidence_of
from scoring.services.sheets import locked_sheet, rescore

_NEEDS_CITATION = "Đề nghị chọn tệp, hoặc ghi số và ngày của văn bản làm minh chứng."


def add_files(
    *, actor: User, line: ScoreLine, files: Sequence[UploadedFile[bytes]], **citation: Any
) -> list[Evidence]:
    """Attach several files with one citation, or the citation alone: all of them or none.

    Effects and errors as by :func:`add_evidence` for each.
    """
    wanted: Sequence[UploadedFile[bytes] | None] = files or [None]
    with atomic_with_files():
        return [
            add_evidence(actor=actor, line=line, uploaded=uploaded, **citation)
            for uploaded in wanted
        ]


def add_evidence(
    *,
    actor: User,
    line: ScoreLine,
    uploaded: UploadedFile[bytes] | None = None,
    title: str = "",
    number: str = "",
    issued_on: dt.date | None = None,
    issuer: str = "",
    kept_at: str = "",
) -> Evidence:
    """Attach a file, or cite a paper by number and date, or both together.

    Effects, in order: lock; permission; the file checked and kept; the row written; points
    computed anew (a line waiting for its evidence now counts), with history. A line's conflict
    version does not rise. Raises Refused, ValidationError.
    """
    with atomic_with_files():
        sheet = locked_sheet(line.sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_add_evidence(standing, sheet, line))
        evidence = Evidence(
            line=line,
            title=_tidy(title),
            number=_tidy(number),
            issued_on=issued_on,
            issuer=_tidy(issuer),
            kept_at=_tidy(kept_at),
            added_by=actor,
            added_at=clock.now(),
        )
        if uploaded is not None:
            evidence.file = _kept(uploaded, actor, sheet, line)
        _check(evidence)
        evidence.save()
        rescore(actor=actor, standing=standing, sheet=sheet, reason="Thêm minh chứng")
    return evidence


def _tidy(text: str) -> str:
    return " ".join(nfc(text).split())


def _check(evidence: Evidence) -> None:
    has_citation = bool(evidence.number) and evidence.issued_on is not None
    if evidence.file is None and not has_citation:
        raise ValidationError({"number": _NEEDS_CITATION})
    if evidence.issued_on and evidence.issued_on > clock.today():
        raise ValidationError({"issued_on": "Ngày ban hành không thể sau hôm nay."})
    evidence.full_clean(exclude={"line", "file", "added_by"})


def link_predecessors_evidence(*, actor: User, line: ScoreLine, source: Evidence) -> Evidence:
    """Refer on a line to what a unit that this one came after attached: the same file, not a copy.

    Effects, in order: lock; permission; the row with its origin, title and citation; points
    computed anew, with history. Raises Refused, Conflict where ``source`` is not among
    ``predecessors_evidence`` (any more), ValidationError where the line has that file already.
    """
    with transaction.atomic():
        sheet = locked_sheet(line.sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_add_evidence(standing, sheet, line))
        found = predecessors_evidence(sheet).filter(pk=source.pk).first()
        if found is None or found.file is None:
            raise Conflict("Đơn vị tiền thân đã gỡ minh chứng này. Đề nghị tải lại trang.")
        _check_room(found.file, sheet, line)
        evidence = Evidence.objects.create(
            line=line,
            file=found.file,
            source=found,
            title=found.title,
            number=found.number,
            issued_on=found.issued_on,
            issuer=found.issuer,
            kept_at=found.kept_at,
            added_by=actor,
            added_at=clock.now(),
        )
        rescore(
            actor=actor,
            standing=standing,
            sheet=sheet,
            reason="Dẫn minh chứng của đơn vị tiền thân",
        )
    return evidence


def _kept(
    uploaded: UploadedFile[bytes], actor: User, sheet: ScoreSheet, line: ScoreLine
) -> StoredFile:
    """Return the file stored; refused if already there, or too much for one sheet."""
    try:
        stored = store(uploaded=uploaded, actor=actor)
    except FileRefused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    _check_room(stored, sheet, line)
    return stored


def _check_room(stored: StoredFile, sheet: ScoreSheet, line: ScoreLine) -> None:
    others = list(evidence_of(sheet).filter(file__isnull=False))
    twins = [each for each in others if each.line_id == line.pk and _hash(each) == stored.sha256]
    if twins:
        raise ValidationError(
            {"file": f"Tệp “{stored.original_name}” đã có ở tiêu chí này, không cần thêm lại."}
        )
    limit: int = settings.SHEET_UPLOAD_MAX_BYTES
    if sum(_size(each) for each in others) + stored.size > limit:
        raise ValidationError(
            {
                "file": f"Tổng dung lượng minh chứng của bảng vượt {limit // MEGABYTE} MB. Đề nghị "
                "giảm dung lượng tệp, hoặc ghi số, ngày văn bản và nơi lưu thay cho tệp."
            }
        )


def _hash(evidence: Evidence) -> str:
    return evidence.file.sha256 if evidence.file else ""


def _size(evidence: Evidence) -> int:
    return evidence.file.size if evidence.file else 0


def remove_evidence(*, actor: User, evidence: Evidence) -> Evidence:
    """Take a piece of evidence off its line; row and file are kept.

    Effects, in order: lock; permission; removal noted with author and time (once); points
    computed anew, with history. Raises Refused.
    """
    with transaction.atomic():
        sheet = locked_sheet(evidence.line.sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_fill_sheet(standing, sheet))
        evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        if evidence.removed_at is None:
            _note_removal(actor, standing, sheet, evidence)
    return evidence


def _note_removal(actor: User, standing: Standing, sheet: ScoreSheet, evidence: Evidence) -> None:
    evidence.removed_at, evidence.removed_by = clock.now(), actor
    evidence.save(update_fields=["removed_at", "removed_by"])
    rescore(actor=actor, standing=standing, sheet=sheet, reason="Gỡ minh chứng")
