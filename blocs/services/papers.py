"""The bloc's own papers with their files, and what the members do together."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from blocs.models import BlocPaper, BlocYear, JointActivity
from blocs.permissions import can_prepare_year
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked, tidy
from emulation import clock
from emulation.access import require
from emulation.files import FileRefused, atomic_with_files, store
from emulation.models import StoredFile, User


def record_bloc_paper(
    *,
    actor: User,
    bloc_year: BlocYear,
    kind: str,
    title: str,
    number: str = "",
    issued_on: dt.date | None = None,
    uploaded: UploadedFile[bytes] | None = None,
) -> BlocPaper:
    """Record a paper of the bloc with its file, if any, and return it.

    By the secretary or the board, until the year is closed. Number and date are as typed.
    ValidationError for a file not accepted, or a paper of that kind and title that stands.
    """
    with atomic_with_files():
        bloc_year = lock_year(bloc_year)
        require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
        paper = BlocPaper(
            bloc_year=bloc_year,
            kind=kind,
            title=tidy(title),
            number=tidy(number),
            issued_on=issued_on,
            recorded_by=actor,
            recorded_at=clock.now(),
        )
        _check_is_new(paper)
        if uploaded is not None:
            paper.file = _stored(uploaded, actor)
        save_checked(paper, actor)
        return paper


def _check_is_new(paper: BlocPaper) -> None:
    standing_ones = BlocPaper.objects.filter(
        bloc_year=paper.bloc_year, kind=paper.kind, title=paper.title, revoked_at__isnull=True
    )
    if standing_ones.exists():
        raise ValidationError(
            {
                "title": "Khối đã có văn bản cùng loại, cùng tên trong năm này. Nếu thay bằng bản "
                "mới, đề nghị ghi thôi áp dụng văn bản cũ trước."
            }
        )


def _stored(uploaded: UploadedFile[bytes], actor: User) -> StoredFile:
    try:
        return store(uploaded=uploaded, actor=actor)
    except FileRefused as refusal:
        raise ValidationError({"uploaded": str(refusal)}) from refusal


@transaction.atomic
def revoke_bloc_paper(*, actor: User, paper: BlocPaper) -> BlocPaper:
    """Mark a paper as no longer in force and return it; the row and its file stay."""
    bloc_year = lock_year(paper.bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    paper = BlocPaper.objects.get(pk=paper.pk)
    if paper.revoked_at is None:
        paper.revoked_at = clock.now()
        save_checked(paper, actor)
    return paper


@transaction.atomic
def record_activity(
    *,
    actor: User,
    bloc_year: BlocYear,
    title: str,
    held_on: dt.date | None = None,
    description: str = "",
) -> JointActivity:
    """Record something the members did or plan together, and return it."""
    bloc_year = lock_year(bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    activity = JointActivity(
        bloc_year=bloc_year,
        title=tidy(title),
        held_on=held_on,
        description=description.strip(),
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    same = JointActivity.objects.filter(
        bloc_year=bloc_year, title=activity.title, held_on=held_on
    ).first()
    if same:
        return same
    save_checked(activity, actor)
    return activity


@transaction.atomic
def edit_activity(
    *,
    actor: User,
    activity: JointActivity,
    title: str,
    held_on: dt.date | None,
    description: str,
) -> JointActivity:
    """Bring a joint activity up to date (its day, what came of it) and return it."""
    bloc_year = lock_year(activity.bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    activity = JointActivity.objects.get(pk=activity.pk)
    activity.title, activity.held_on = tidy(title), held_on
    activity.description = description.strip()
    activity.recorded_by, activity.recorded_at = actor, clock.now()
    save_checked(activity, actor)
    return activity
