"""The words of pledges, registrations and reports."""

from __future__ import annotations

from django.db.models import TextChoices

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


class ReportKind(TextChoices):
    """The two narrative reports of the year."""

    INTERIM = "interim", "Báo cáo sơ kết"
    YEAR_END = "year_end", "Báo cáo tổng kết"


class ReportStatus(TextChoices):
    """A report is written, then sent."""

    DRAFT = "draft", "Đang viết"
    SENT = "sent", "Đã gửi"
