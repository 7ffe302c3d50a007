"""Workbooks a board uploaded, and how large its register is."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from blocs.models import Board, BoardImport, Post, Unit
from blocs.selectors.standing import held_on
from emulation import clock


def imports_of(board: Board) -> QuerySet[BoardImport]:
    """Return the board's uploads, newest first."""
    rows = BoardImport.objects.filter(board=board)
    return rows.select_related("file", "uploaded_by", "applied_by").order_by("-uploaded_at", "-pk")


def register_counts(board: Board) -> dict[str, int]:
    """Return how many units and people the board has today."""
    units = Unit.objects.filter(board=board, ended_on__isnull=True)
    posts = Post.objects.filter(Q(board=board) | Q(unit__board=board), held_on(clock.today()))
    return {"units": units.count(), "people": posts.values("user").distinct().count()}
