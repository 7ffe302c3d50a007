"""Boards, units, people in posts, blocs and their years, meetings and papers."""

from __future__ import annotations

from blocs.models.changes import StructureChange, Succession
from blocs.models.joining import BoardImport, Invitation
from blocs.models.meetings import (
    BlocPaper,
    JointActivity,
    Meeting,
    MeetingAttendance,
    MeetingPaper,
)
from blocs.models.structure import Bloc, Board, BoardName, Post, Unit, UnitName
from blocs.models.years import (
    BlocYear,
    BlocYearTransition,
    BoardDeadline,
    Deadline,
    DeadlineExtension,
    HeadTerm,
    Membership,
    SecretariatMember,
)

__all__ = [
    "Bloc",
    "BlocPaper",
    "BlocYear",
    "BlocYearTransition",
    "Board",
    "BoardDeadline",
    "BoardImport",
    "BoardName",
    "Deadline",
    "DeadlineExtension",
    "HeadTerm",
    "Invitation",
    "JointActivity",
    "Meeting",
    "MeetingAttendance",
    "MeetingPaper",
    "Membership",
    "Post",
    "SecretariatMember",
    "StructureChange",
    "Succession",
    "Unit",
    "UnitName",
]
