"""Rows locked before they are checked, read anew."""

from __future__ import annotations

from pledges.models import Pledge


def locked_pledge(pledge: Pledge) -> Pledge:
    """Return the pledge as stored now, its row locked, with its bloc-year."""
    return (
        Pledge.objects.select_for_update(of=("self",)).select_related("bloc_year").get(pk=pledge.pk)
    )
