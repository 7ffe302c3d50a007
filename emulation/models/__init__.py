"""What all apps share: the person, the stored file, who came in, what people are told."""

from __future__ import annotations

from emulation.models.doors import DoorRecord, LoginFailure, PersonSession, Tally
from emulation.models.files import StoredFile, _upload_path
from emulation.models.notices import DailyMail, Notice
from emulation.models.people import FoldedModel, PersonManager, User, phone_rule

__all__ = [
    "DailyMail",
    "DoorRecord",
    "FoldedModel",
    "LoginFailure",
    "Notice",
    "PersonManager",
    "PersonSession",
    "StoredFile",
    "Tally",
    "User",
    "_upload_path",
    "phone_rule",
]
