"""The words of blocs: kinds, roles, steps of the year, each with what a person reads."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices

from emulation.enums import Face, Tone


class UnitKind(TextChoices):
    """What sort of agency a unit is."""

    PARTY = "party", "Cơ quan Đảng"
    STATE = "state", "Cơ quan nhà nước"
    MASS = "mass", "Mặt trận Tổ quốc, đoàn thể"
    PUBLIC_SERVICE = "public_service", "Đơn vị sự nghiệp"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    OTHER = "other", "Đơn vị khác"


class IssuingStyle(TextChoices):
    """Whose heading the papers of an agency carry."""

    PARTY = "party", "Thể thức văn bản của Đảng"
    STATE = "state", "Thể thức văn bản hành chính"


class BlocKind(TextChoices):
    """Provinces say khối, ministries and some provinces say cụm."""

    BLOC = "bloc", "Khối thi đua"
    CLUSTER = "cluster", "Cụm thi đua"


class PostRole(TextChoices):
    """What a person is in a unit or a board."""

    LEADER = "leader", "Lãnh đạo đơn vị"
    OFFICER = "officer", "Cán bộ đầu mối"
    BOARD_OFFICER = "board_officer", "Cán bộ Ban Thi đua - Khen thưởng"


class AccountState(TextChoices):
    """How far a person has come with the account; a list is filtered by it."""

    NOT_INVITED = "chua-moi", "Chưa mời"
    INVITED = "da-moi", "Đã mời, chưa vào"
    EXPIRED = "het-han", "Lời mời hết hạn"
    COME = "da-vao", "Đã vào"


class AppraisedBy(TextChoices):
    """Who appraises the sheets of a year; the head, or its stand-in, approves whoever that is."""

    SECRETARIAT = "secretariat", "Tổ thư ký Khối"
    DEPUTY = "deputy", "Phó Trưởng khối"
    CROSS_CHECK = "cross_check", "Tổ kiểm tra chéo"
    DEPARTMENTS = "departments", "Bộ phận chuyên môn theo tiêu chí"


class AppraisalRounds(IntegerChoices):
    """How often a sheet is gone through before its unit is asked and it is approved."""

    ONE = 1, "Một vòng"
    TWO = 2, "Hai vòng"


class TermKind(TextChoices):
    """What a unit is for one bloc-year."""

    HEAD = "head", "Trưởng khối"
    DEPUTY = "deputy", "Phó Trưởng khối"
    STAND_IN = "stand_in", "Đơn vị được phân công thay Trưởng khối"


class TermSource(TextChoices):
    """How a term came about."""

    ELECTED = "elected", "Bầu tại hội nghị của Khối"
    ANNOUNCED = "announced", "Hội đồng thông báo"


class DeadlineKind(TextChoices):
    """The deadlines of a bloc-year; all dates are data."""

    REGISTRATION = "registration", "Đăng ký thi đua, chỉ tiêu"
    INTERIM_REPORT = "interim_report", "Báo cáo sơ kết"
    SELF_SCORE = "self_score", "Nộp bảng tự chấm điểm"
    YEAR_END_REPORT = "year_end_report", "Báo cáo tổng kết"
    APPRAISAL = "appraisal", "Thẩm định xong"
    EXPLANATION = "explanation", "Giải trình điểm thẩm định"
    DOSSIER = "dossier", "Trình hồ sơ đề nghị khen thưởng"
    APPEAL = "appeal", "Kiến nghị về kết quả"


class ChangeKind(TextChoices):
    """What can change in the structure of a province."""

    UNITS_MERGED = "units_merged", "Sáp nhập đơn vị"
    UNIT_SPLIT = "unit_split", "Chia, tách đơn vị"
    UNIT_DISSOLVED = "unit_dissolved", "Giải thể đơn vị"
    UNIT_RENAMED = "unit_renamed", "Đổi tên đơn vị"
    MEMBER_MOVED = "member_moved", "Chuyển khối"
    MEMBER_LEFT = "member_left", "Rời khối"
    BLOC_RENAMED = "bloc_renamed", "Đổi tên khối"
    BLOC_ENDED = "bloc_ended", "Kết thúc khối"
    BOARDS_MERGED = "boards_merged", "Hợp nhất Hội đồng"


class MeetingKind(TextChoices):
    """The meetings of the year."""

    SIGNING = "signing", "Hội nghị ký kết giao ước"
    INTERIM = "interim", "Hội nghị sơ kết"
    YEAR_END = "year_end", "Hội nghị tổng kết, bình xét"
    OTHER = "other", "Cuộc họp khác"


class PaperKind(TextChoices):
    """The bloc's own papers."""

    REGULATION = "regulation", "Quy chế hoạt động"
    PLAN = "plan", "Kế hoạch"
    NOTICE = "notice", "Công văn, thông báo"
    MINUTES = "minutes", "Biên bản"
    OTHER = "other", "Văn bản khác"


class YearStatus(TextChoices):
    """The steps of a bloc-year, in order."""

    DRAFT = "draft", "Chuẩn bị"
    CONSULTING = "consulting", "Lấy ý kiến"
    SIGNING = "signing", "Ký giao ước"
    RUNNING = "running", "Thực hiện"
    SELF_SCORING = "self_scoring", "Tự chấm điểm"
    APPRAISING = "appraising", "Thẩm định"
    MEETING = "meeting", "Hội nghị bình xét"
    ADOPTED = "adopted", "Đã thông qua"
    SUBMITTED = "submitted", "Đã trình Hội đồng"
    DECIDED = "decided", "Có quyết định"
    CLOSED = "closed", "Kết thúc"

    @property
    def place(self) -> int:
        """The step's number in the year, from 0."""
        return list(YearStatus).index(self)

    def reached(self, other: YearStatus) -> bool:
        """Return whether this step is ``other`` or a later one."""
        return self.place >= other.place

    @property
    def face(self) -> Face:
        """What the step is called and what comes next."""
        return YEAR_FACES[self]


YEAR_FACES: dict[YearStatus, Face] = {
    YearStatus.DRAFT: Face(
        "Chuẩn bị",
        "Chuẩn bị",
        Tone.QUIET,
        "Thư ký Khối chuẩn bị thành viên, dự thảo giao ước và bảng chấm điểm.",
    ),
    YearStatus.CONSULTING: Face(
        "Lấy ý kiến",
        "Lấy ý kiến",
        Tone.ACTIVE,
        "Các đơn vị góp ý dự thảo giao ước; Trưởng khối trả lời và chốt nội dung.",
    ),
    YearStatus.SIGNING: Face(
        "Ký giao ước",
        "Ký giao ước",
        Tone.ACTIVE,
        "Lãnh đạo các đơn vị ký giao ước; Trưởng khối chuyển sang thực hiện.",
    ),
    YearStatus.RUNNING: Face(
        "Thực hiện",
        "Thực hiện",
        Tone.ACTIVE,
        "Các đơn vị thực hiện giao ước và gửi báo cáo sơ kết; Khối ban hành bảng chấm điểm.",
    ),
    YearStatus.SELF_SCORING: Face(
        "Tự chấm điểm",
        "Tự chấm điểm",
        Tone.ACTIVE,
        "Các đơn vị tự chấm điểm, đính kèm minh chứng và nộp đúng hạn.",
    ),
    YearStatus.APPRAISING: Face(
        "Thẩm định",
        "Thẩm định",
        Tone.ACTIVE,
        "Từng bảng chấm điểm được thẩm định, đơn vị giải trình, rồi Trưởng khối duyệt.",
    ),
    YearStatus.MEETING: Face(
        "Hội nghị bình xét",
        "Hội nghị bình xét",
        Tone.ACTIVE,
        "Hội nghị xem bảng tổng hợp, bình xét và thông qua kết quả.",
    ),
    YearStatus.ADOPTED: Face(
        "Đã thông qua",
        "Đã thông qua",
        Tone.GOOD,
        "Trưởng khối chốt đề nghị khen thưởng và trình Hội đồng.",
    ),
    YearStatus.SUBMITTED: Face(
        "Đã trình Hội đồng",
        "Đã trình Hội đồng",
        Tone.ACTIVE,
        "Ban Thi đua - Khen thưởng xem xét và ghi quyết định của Hội đồng.",
    ),
    YearStatus.DECIDED: Face(
        "Có quyết định",
        "Có quyết định",
        Tone.GOOD,
        "Ban Thi đua - Khen thưởng công bố kết quả và nhận kiến nghị trong thời hạn.",
    ),
    YearStatus.CLOSED: Face(
        "Kết thúc",
        "Kết thúc",
        Tone.QUIET,
        "Năm thi đua đã kết thúc; kết quả được lưu để tra cứu.",
    ),
}
