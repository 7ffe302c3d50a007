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
from scoring.permissions.explanations import can_add_evidence
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.predecessors import predecessors_evidence
from scoring.selectors.sheet_lines import evidence_of
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheets import rescore

GONE = "Minh chứng này đã được gỡ hoặc thay. Đề nghị tải lại trang."
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
        raise ValidationError(_lacking(evidence))
    if evidence.issued_on and evidence.issued_on > clock.today():
        raise ValidationError({"issued_on": "Ngày ban hành không thể sau hôm nay."})
    evidence.full_clean(exclude={"line", "file", "added_by"})


def _lacking(evidence: Evidence) -> dict[str, str]:
    """Return what a paper without a file still wants, by the field that is empty."""
    if evidence.number:
        return {"issued_on": "Đề nghị ghi ngày ban hành của văn bản, hoặc chọn tệp."}
    if evidence.issued_on:
        return {"number": "Đề nghị ghi số, ký hiệu của văn bản, hoặc chọn tệp."}
    return {"number": _NEEDS_CITATION}


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
        evidence = _referred(actor, sheet, line, found)
        rescore(
            actor=actor,
            standing=standing,
            sheet=sheet,
            reason="Dẫn minh chứng của đơn vị tiền thân",
        )
    return evidence


def share_evidence(*, actor: User, source: Evidence, lines: Sequence[ScoreLine]) -> list[Evidence]:
    """Use a piece of evidence for further lines of its own sheet: the same file, not a copy.

    Effects, in order: lock; permission for each line; a row for each with its origin, title and
    citation; points computed anew, with history: all lines or none. Raises Refused, Conflict where
    ``source`` no longer stands on the sheet, ValidationError where a line has it already.
    """
    with transaction.atomic():
        sheet = locked_sheet(source.line.sheet)
        standing = standing_in(actor, sheet.bloc_year)
        found = evidence_of(sheet).filter(pk=source.pk).first()
        if found is None or any(line.sheet_id != sheet.pk for line in lines):
            raise Conflict(GONE)
        for line in lines:
            require(can_add_evidence(standing, sheet, line))
        made = [_referred(actor, sheet, line, found) for line in lines]
        rescore(actor=actor, standing=standing, sheet=sheet, reason="Dùng chung minh chứng")
    return made


def _referred(actor: User, sheet: ScoreSheet, line: ScoreLine, source: Evidence) -> Evidence:
    """Return a new row on the line that refers to the source's file and citation."""
    if source.file is None:
        _check_citation_once(source, line)
    else:
        _check_room(source.file, sheet, line)
    return Evidence.objects.create(
        line=line,
        file=source.file,
        source=source,
        title=source.title,
        number=source.number,
        issued_on=source.issued_on,
        issuer=source.issuer,
        kept_at=source.kept_at,
        added_by=actor,
        added_at=clock.now(),
    )


def _check_citation_once(source: Evidence, line: ScoreLine) -> None:
    twins = Evidence.objects.filter(
        line=line, removed_at__isnull=True, number=source.number, issued_on=source.issued_on
    )
    if twins.exists():
        raise ValidationError(
            {"number": f"Văn bản số {source.number} đã có ở tiêu chí {line.criterion.code}."}
        )


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
    files = list(evidence_of(sheet).filter(file__isnull=False))
    twins = [each for each in files if each.line_id == line.pk and _hash(each) == stored.sha256]
    if twins:
        raise ValidationError(
            {
                "file": f"Tệp “{stored.original_name}” đã có ở tiêu chí {line.criterion.code}, "
                "không cần thêm lại."
            }
        )
    others = {each.file_id: each.file.size for each in files if each.file}
    limit: int = settings.SHEET_UPLOAD_MAX_BYTES
    if sum((others | {stored.pk: stored.size}).values()) > limit:
        raise ValidationError(
            {
                "file": f"Tổng dung lượng minh chứng của bảng vượt {limit // MEGABYTE} MB. Đề nghị "
                "giảm dung lượng tệp, hoặc ghi số, ngày văn bản và nơi lưu thay cho tệp."
            }
        )


def _hash(evidence: Evidence) -> str:
    return evidence.file.sha256 if evidence.file else ""


# ---------------------------------------------------------------- replacing, taking off


def replace_evidence(
    *,
    actor: User,
    evidence: Evidence,
    uploaded: UploadedFile[bytes] | None = None,
    **citation: Any,
) -> Evidence:
    """Put a new file, or a corrected citation, in the place of a piece of evidence.

    Effects, in order: lock; permission; the old row noted as removed, kept with its file; the new
    file checked and kept (without one, the old file stays in use); the new row, which names the
    old one; points computed anew, with history. Raises Refused, Conflict where the old one no
    longer stands, ValidationError also where nothing changes.
    """
    with atomic_with_files():
        sheet = locked_sheet(evidence.line.sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_fill_sheet(standing, sheet))
        old = evidence_of(sheet).filter(pk=evidence.pk).first()
        if old is None:
            raise Conflict(GONE)
        _mark_removed(actor, old)
        new = _successor(actor, old, citation)
        if uploaded is None:
            _check_changed(old, new)
        else:
            new.file, new.source = _kept_instead(uploaded, actor, sheet, old), None
        _check(new)
        new.save()
        rescore(actor=actor, standing=standing, sheet=sheet, reason="Thay minh chứng")
    return new


_CITATION = ("title", "number", "issued_on", "issuer", "kept_at")


def _successor(actor: User, old: Evidence, citation: dict[str, Any]) -> Evidence:
    texts = {name: value for name, value in citation.items() if name != "issued_on"}
    return Evidence(
        line=old.line,
        file=old.file,
        source=old.source,
        replaces=old,
        issued_on=citation.get("issued_on"),
        added_by=actor,
        added_at=clock.now(),
        **{name: _tidy(value or "") for name, value in texts.items()},
    )


def _check_changed(old: Evidence, new: Evidence) -> None:
    if all(getattr(old, name) == getattr(new, name) for name in _CITATION):
        raise ValidationError(
            {"file": "Chưa có gì thay đổi. Đề nghị chọn tệp mới, hoặc sửa số, ngày, nơi lưu."}
        )


def _kept_instead(
    uploaded: UploadedFile[bytes], actor: User, sheet: ScoreSheet, old: Evidence
) -> StoredFile:
    stored = _kept(uploaded, actor, sheet, old.line)
    if stored.sha256 == _hash(old):
        raise ValidationError(
            {
                "file": f"Tệp “{stored.original_name}” có nội dung giống hệt tệp đang có. Nếu chỉ "
                "sửa số, ngày, nơi lưu thì không cần chọn tệp."
            }
        )
    return stored


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
    _mark_removed(actor, evidence)
    rescore(actor=actor, standing=standing, sheet=sheet, reason="Gỡ minh chứng")


def _mark_removed(actor: User, evidence: Evidence) -> None:
    evidence.removed_at, evidence.removed_by = clock.now(), actor
    evidence.save(update_fields=["removed_at", "removed_by"])
