"""The words of pledges, registrations and reports."""

from __future__ import annotations

from django.db.models import TextChoices

from blocs.enums import DeadlineKind
from emulation.enums import Face, Tone


class PledgeStatus(TextChoices):
    """A pledge from draft to the end of its year."""

    DRAFT = "draft", "Dự thảo"
    CONSULTING = "consulting", "Đang lấy ý kiến"
    AGREED = "agreed", "Đã chốt nội dung"
    CLOSED = "closed", "Kết thúc"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return PLEDGE_FACES[self]


PLEDGE_FACES: dict[PledgeStatus, Face] = {
    PledgeStatus.DRAFT: Face(
        "Dự thảo", "Đang soạn", Tone.QUIET, "Thư ký Khối soạn nội dung rồi gửi các đơn vị góp ý."
    ),
    PledgeStatus.CONSULTING: Face(
        "Đang lấy ý kiến",
        "Mời góp ý",
        Tone.ACTIVE,
        "Các đơn vị góp ý; Trưởng khối trả lời rồi chốt nội dung.",
    ),
    PledgeStatus.AGREED: Face(
        "Đã chốt nội dung",
        "Mời ký",
        Tone.GOOD,
        "Nội dung không sửa được nữa; lãnh đạo các đơn vị ký giao ước.",
    ),
    PledgeStatus.CLOSED: Face("Kết thúc", "Kết thúc", Tone.QUIET, "Giao ước được lưu."),
}


class SignatureMethod(TextChoices):
    """How a unit signed."""

    BROWSER = "browser", "Ký trên hệ thống"
    PAPER = "paper", "Ký trên giấy, thư ký ghi nhận"


class TextChangeKind(TextChoices):
    """What was done to the text of a pledge before it was agreed."""

    HEADING = "heading", "Sửa tên, lời mở đầu, lời kết"
    ADDED = "added", "Thêm nội dung"
    EDITED = "edited", "Sửa nội dung"
    MOVED = "moved", "Chuyển thứ tự nội dung"
    DROPPED = "dropped", "Bỏ nội dung"


class ReportKind(TextChoices):
    """The two narrative reports of the year."""

    INTERIM = "interim", "Báo cáo sơ kết"
    YEAR_END = "year_end", "Báo cáo tổng kết"

    @property
    def slug(self) -> str:
        """The word in the address of the report's page."""
        return {ReportKind.INTERIM: "so-ket", ReportKind.YEAR_END: "tong-ket"}[self]

    @property
    def deadline(self) -> DeadlineKind:
        """The deadline a unit's report has to meet."""
        return {
            ReportKind.INTERIM: DeadlineKind.INTERIM_REPORT,
            ReportKind.YEAR_END: DeadlineKind.YEAR_END_REPORT,
        }[self]

    @property
    def in_sentence(self) -> str:
        """The kind inside a sentence: "báo cáo sơ kết"."""
        return self.label[:1].lower() + self.label[1:]


class ReportStatus(TextChoices):
    """A report is written, then sent."""

    DRAFT = "draft", "Đang viết"
    SENT = "sent", "Đã gửi"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return REPORT_FACES[self]


REPORT_FACES: dict[ReportStatus, Face] = {
    ReportStatus.DRAFT: Face(
        "Đang viết", "Đang viết", Tone.QUIET, "Bản nháp chỉ đơn vị xem được; gửi khi đã đủ."
    ),
    ReportStatus.SENT: Face("Đã gửi", "Đã gửi", Tone.GOOD, "Cả Khối và Hội đồng đọc được."),
}


class RegistrationStatus(TextChoices):
    """A registration is drawn up, then sent."""

    DRAFT = "draft", "Đang soạn"
    SENT = "sent", "Đã gửi"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return REGISTRATION_FACES[self]


REGISTRATION_FACES: dict[RegistrationStatus, Face] = {
    RegistrationStatus.DRAFT: Face(
        "Đang soạn", "Đang soạn", Tone.QUIET, "Bản nháp chỉ đơn vị xem được; gửi khi đã đủ."
    ),
    RegistrationStatus.SENT: Face("Đã gửi", "Đã gửi", Tone.GOOD, "Cả Khối và Hội đồng đọc được."),
}
