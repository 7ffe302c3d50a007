"""A workbook comes in, is looked at, and is written as a whole or not at all."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from blocs.models import Board, BoardImport
from blocs.permissions import manages_board
from blocs.services.imports.applying import lock_years, write_plan
from blocs.services.imports.planning import ImportPlan, plan_import
from blocs.services.imports.reading import read_workbook
from blocs.services.imports.workbook import Workbook
from blocs.services.writing import lock_board, save_checked
from emulation import clock
from emulation.access import Conflict, require
from emulation.files import (
    ALLOWED_TEXT,
    FileRefused,
    Kind,
    atomic_with_files,
    check_upload,
    opened,
    store,
)
from emulation.models import User
from emulation.plans import PlanMoved

FIELD = "uploaded"
ONLY_EXCEL = "tệp Excel (.xlsx)"


def upload_register(*, actor: User, board: Board, uploaded: UploadedFile[bytes]) -> BoardImport:
    """Keep an uploaded workbook with the digest of what it would do; return its row.

    Nothing of it is written to the register yet. Refused unless an officer of the board;
    ValidationError with every reason why the file cannot be read: no .xlsx, macros, too big, too
    many rows, a sheet or a column missing.
    """
    require(manages_board(actor, board.pk))
    workbook = _workbook(uploaded)
    with atomic_with_files():
        board = lock_board(board.pk)
        require(manages_board(actor, board.pk))
        board_import = BoardImport(
            board=board,
            file=store(uploaded=uploaded, actor=actor),
            uploaded_by=actor,
            uploaded_at=clock.now(),
            fingerprint=plan_import(board, workbook).fingerprint,
        )
        save_checked(board_import, actor)
    return board_import


def _workbook(uploaded: UploadedFile[bytes]) -> Workbook:
    content = excel_content(uploaded)
    try:
        return read_workbook(content)
    except ValidationError as error:
        raise ValidationError({FIELD: error.messages}) from error


def excel_content(uploaded: UploadedFile[bytes]) -> bytes:
    """Return the content of an uploaded .xlsx; ValidationError for anything else or unsafe."""
    try:
        checked = check_upload(uploaded)
    except FileRefused as refusal:
        said = str(refusal).replace(ALLOWED_TEXT, ONLY_EXCEL)
        raise ValidationError({FIELD: said}) from refusal
    if checked.kind is not Kind.XLSX:
        raise ValidationError(
            {FIELD: f"Tệp “{checked.name}” là {checked.kind.label}. Chỉ nhận {ONLY_EXCEL}."}
        )
    content = bytes(uploaded.read())
    uploaded.seek(0)
    return content


def plan_of(board_import: BoardImport) -> ImportPlan:
    """Return what the stored workbook would do to the board now; FileGone where it is lost."""
    with opened(board_import.file) as file:
        return plan_import(board_import.board, read_workbook(file.read()))


@transaction.atomic
def confirm_import(*, actor: User, board_import: BoardImport, seen: str) -> BoardImport:
    """Write what the person has seen (``seen``: the plan's digest), all of it, and return the row.

    Effects, in order: the board is locked; the stored file is read and planned anew; where that
    is not what was seen, PlanMoved and nothing is written; otherwise everything is written as
    ``write_plan`` says, and who did it, when, and one sentence of it is noted. Confirming again
    returns the row as it stands. Conflict where the workbook has errors or changes nothing.
    """
    board = lock_board(board_import.board_id)
    require(manages_board(actor, board.pk))
    board_import = BoardImport.objects.select_related("board", "file").get(pk=board_import.pk)
    if board_import.applied_at is not None:
        return board_import
    lock_years(board)
    plan = plan_of(board_import)
    if seen != plan.fingerprint:
        raise PlanMoved
    if not plan.can_be_written:
        raise Conflict(
            "Chưa nhập được: tệp còn lỗi hoặc không có gì để nhập. Đề nghị sửa tệp rồi tải lên lại."
        )
    board_import.fingerprint = plan.fingerprint
    board_import.summary = write_plan(plan, actor)
    board_import.applied_at, board_import.applied_by = clock.now(), actor
    save_checked(board_import, actor)
    return board_import
