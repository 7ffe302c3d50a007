"""The words of scoring: labels over the rules' own vocabularies, and the statuses' faces."""

from __future__ import annotations

from django.db.models import TextChoices

from emulation.enums import Face, Tone
from scoring.rules import enums as rules


class CriterionKind(TextChoices):
    """The kinds of criterion, as officials call them."""

    DIRECT = rules.CriterionKind.DIRECT.value, "Nhập điểm trực tiếp"
    CHOICE = rules.CriterionKind.CHOICE.value, "Chọn một mức"
    PASSFAIL = rules.CriterionKind.PASSFAIL.value, "Đạt hoặc không đạt"
    DEDUCT = rules.CriterionKind.DEDUCT.value, "Trừ theo số lần vi phạm"
    COUNT = rules.CriterionKind.COUNT.value, "Tính theo số lần, số việc"
    RATIO = rules.CriterionKind.RATIO.value, "Theo tỷ lệ"
    TARGET = rules.CriterionKind.TARGET.value, "Theo chỉ tiêu"
    EVENT_AVERAGE = rules.CriterionKind.EVENT_AVERAGE.value, "Trung bình các việc"


class SectionKind(TextChoices):
    """What a section's points do to the total."""

    BASE = rules.SectionKind.BASE.value, "Điểm chuẩn"
    PLUS = rules.SectionKind.PLUS.value, "Điểm cộng"
    MINUS = rules.SectionKind.MINUS.value, "Điểm trừ"


class NotApplicable(TextChoices):
    """What a criterion is worth when nothing of its kind arose."""

    NOT_ALLOWED = rules.NotApplicable.NOT_ALLOWED.value, "Không áp dụng"
    FULL = rules.NotApplicable.FULL.value, "Không phát sinh: tính đủ điểm"
    EXCLUDED = rules.NotApplicable.EXCLUDED.value, "Không phát sinh: bỏ ra khỏi điểm tối đa"
    ZERO = rules.NotApplicable.ZERO.value, "Không phát sinh: tính 0 điểm"


class Sanction(TextChoices):
    """What a minus item does to the grade."""

    NONE = "", "Không khống chế"
    NOT_EXCELLENT = rules.SanctionEffect.NOT_EXCELLENT.value, "Không xếp loại cao nhất"
    NOT_ABOVE = rules.SanctionEffect.NOT_ABOVE.value, "Không xếp trên loại ghi kèm"
    ONE_GRADE_DOWN = rules.SanctionEffect.ONE_GRADE_DOWN.value, "Hạ một bậc xếp loại"
    EXCLUDED = rules.SanctionEffect.EXCLUDED.value, "Không xét thi đua"


class Automatic(TextChoices):
    """A count that the system fills in."""

    NONE = "", "Đơn vị nhập"
    LATE_DAYS = rules.Automatic.LATE_DAYS.value, "Số ngày nộp muộn, hệ thống tính"


class RankStyle(TextChoices):
    """How places after a tie are numbered."""

    STANDARD = rules.RankStyle.STANDARD.value, "1, 2, 3, 3, 5"
    DENSE = rules.RankStyle.DENSE.value, "1, 2, 3, 3, 4"


class ShareBase(TextChoices):
    """Of how many units a grade's largest share is taken."""

    RANKED = rules.ShareBase.RANKED.value, "Số đơn vị được xếp hạng"
    NEXT_OR_HIGHER = rules.ShareBase.NEXT_OR_HIGHER.value, "Số đơn vị từ mức liền dưới trở lên"


class WhatIfDeed(TextChoices):
    """What was done with the comparison of a draft with past years."""

    RUN = "run", "Xem thử"
    OPENED = "opened", "Mở cho các đơn vị"
    CLOSED = "closed", "Thôi mở cho các đơn vị"


class GroundEffect(TextChoices):
    """What a ground for not considering a unit does."""

    EXCLUDED = rules.GroundEffect.EXCLUDED.value, "Không xếp hạng"
    NO_AWARD = rules.GroundEffect.NO_AWARD.value, "Xếp hạng nhưng không đề nghị khen thưởng"
    GRADE_CEILING = rules.GroundEffect.GRADE_CEILING.value, "Hạ trần xếp loại"
    NEEDS_DECISION = rules.GroundEffect.NEEDS_DECISION.value, "Chờ quyết định"


class LatePolicy(TextChoices):
    """What happens to a self-score after its deadline."""

    MINUS = "minus", "Nhận và tự trừ điểm theo tiêu chí nộp muộn"
    REFUSE = "refuse", "Không nhận sau hạn"


class RubricStatus(TextChoices):
    """A rubric version from draft to being replaced."""

    DRAFT = "draft", "Dự thảo"
    CONSULTING = "consulting", "Đang lấy ý kiến"
    ISSUED = "issued", "Đã ban hành"
    SUPERSEDED = "superseded", "Đã thay thế"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return RUBRIC_FACES[self]


RUBRIC_FACES: dict[RubricStatus, Face] = {
    RubricStatus.DRAFT: Face(
        "Dự thảo", "Đang soạn", Tone.QUIET, "Thư ký Khối soạn rồi gửi các đơn vị góp ý."
    ),
    RubricStatus.CONSULTING: Face(
        "Đang lấy ý kiến",
        "Mời góp ý",
        Tone.ACTIVE,
        "Các đơn vị góp ý từng tiêu chí; Trưởng khối ban hành khi đã trả lời.",
    ),
    RubricStatus.ISSUED: Face(
        "Đã ban hành", "Đã ban hành", Tone.GOOD, "Các đơn vị chấm điểm theo bảng này."
    ),
    RubricStatus.SUPERSEDED: Face(
        "Đã thay thế", "Đã thay thế", Tone.QUIET, "Bảng được lưu để tra cứu."
    ),
}


class CommentProposal(TextChoices):
    """What a member proposes for a criterion."""

    KEEP = "keep", "Giữ nguyên"
    CHANGE = "change", "Sửa đổi"
    REMOVE = "remove", "Bỏ"
    MERGE = "merge", "Gộp với tiêu chí khác"
    OTHER = "other", "Ý kiến khác"


class SheetStatus(TextChoices):
    """A score sheet from empty to approved."""

    NOT_STARTED = "not_started", "Chưa bắt đầu"
    DRAFTING = "drafting", "Đang tự chấm"
    SUBMITTED = "submitted", "Đã nộp"
    APPRAISING = "appraising", "Đang thẩm định"
    SECOND_ROUND = "second_round", "Thẩm định vòng hai"
    EXPLANATION_REQUESTED = "explanation_requested", "Chờ giải trình"
    APPRAISED = "appraised", "Đã thẩm định"
    APPROVED = "approved", "Đã duyệt"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return SHEET_FACES[self]

    def face_of_round(self, *, is_spoken: bool) -> Face:
        """Return the face where it is known whether the unit has spoken on all it was asked."""
        return EXPLAINED if self is self.EXPLANATION_REQUESTED and is_spoken else self.face


SHEET_FACES: dict[SheetStatus, Face] = {
    SheetStatus.NOT_STARTED: Face(
        "Chưa bắt đầu",
        "Chưa chấm",
        Tone.QUIET,
        "Cán bộ đầu mối tự chấm từng tiêu chí và đính kèm minh chứng.",
    ),
    SheetStatus.DRAFTING: Face(
        "Đang tự chấm",
        "Đang nhập",
        Tone.ACTIVE,
        "Đơn vị hoàn thành các mục còn thiếu rồi nộp bảng tự chấm điểm.",
    ),
    SheetStatus.SUBMITTED: Face(
        "Đã nộp, chờ thẩm định",
        "Đã nộp",
        Tone.ACTIVE,
        "Người thẩm định xem từng tiêu chí theo minh chứng.",
    ),
    SheetStatus.APPRAISING: Face(
        "Đang thẩm định",
        "Khối đang thẩm định",
        Tone.ACTIVE,
        "Người thẩm định hoàn thành rồi gửi đơn vị giải trình hoặc trình duyệt.",
    ),
    SheetStatus.SECOND_ROUND: Face(
        "Đang thẩm định vòng hai",
        "Khối đang thẩm định",
        Tone.ACTIVE,
        "Người khác với người hoàn thành vòng một xem lại rồi mời đơn vị giải trình hoặc trình "
        "duyệt.",
    ),
    SheetStatus.EXPLANATION_REQUESTED: Face(
        "Chờ đơn vị giải trình",
        "Mời giải trình",
        Tone.WARNING,
        "Đơn vị trả lời các tiêu chí bị trừ trong thời hạn; quá hạn coi như không có ý kiến.",
    ),
    SheetStatus.APPRAISED: Face(
        "Đã thẩm định, chờ duyệt",
        "Chờ duyệt",
        Tone.ACTIVE,
        "Trưởng khối hoặc đơn vị thay Trưởng khối duyệt điểm.",
    ),
    SheetStatus.APPROVED: Face(
        "Đã duyệt", "Đã duyệt", Tone.GOOD, "Điểm chính thức đưa vào bảng tổng hợp của Khối."
    ),
}
EXPLAINED = Face(
    "Đơn vị đã giải trình",
    "Đã giải trình",
    Tone.ACTIVE,
    "Khối trả lời các tiêu chí đơn vị không đồng ý rồi kết thúc giải trình.",
)
"""A sheet in its round on whose every line the unit has spoken: nobody waits for it."""


class PointStage(TextChoices):
    """The three columns of points."""

    SELF = "self", "Tự chấm"
    APPRAISED = "appraised", "Thẩm định"
    FINAL = "final", "Chính thức"


class NominationStatus(TextChoices):
    """A proposal for an award, from the bloc's meeting to the Council's decision."""

    PROPOSED = "proposed", "Chờ Trưởng khối quyết định"
    CHECKED = "checked", "Trưởng khối đã quyết định"
    SENT = "sent", "Đã trình"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Được khen thưởng"
    LOWERED = "lowered", "Hạ mức khen thưởng"
    REJECTED = "rejected", "Không được khen thưởng"
    REVOKED = "revoked", "Đã thu hồi"

    @property
    def face(self) -> Face:
        """What the status is called and what comes next."""
        return NOMINATION_FACES[self]


NOMINATION_FACES: dict[NominationStatus, Face] = {
    NominationStatus.PROPOSED: Face(
        "Chờ Trưởng khối quyết định",
        "Chờ Trưởng khối quyết định",
        Tone.WARNING,
        "Trưởng khối quyết định từng đề nghị trước khi trình Hội đồng.",
    ),
    NominationStatus.CHECKED: Face(
        "Trưởng khối đã quyết định",
        "Trưởng khối đã quyết định",
        Tone.ACTIVE,
        "Trưởng khối trình Hội đồng khi mọi đề nghị đã được quyết định.",
    ),
    NominationStatus.SENT: Face(
        "Đã trình", "Đã trình", Tone.ACTIVE, "Ban Thi đua - Khen thưởng xem xét."
    ),
    NominationStatus.RETURNED: Face(
        "Trả lại", "Trả lại", Tone.WARNING, "Trưởng khối xem lý do, sửa và trình lại."
    ),
    NominationStatus.APPROVED: Face(
        "Được khen thưởng", "Được khen thưởng", Tone.GOOD, "Hội đồng đã quyết định."
    ),
    NominationStatus.LOWERED: Face(
        "Hạ mức khen thưởng", "Hạ mức khen thưởng", Tone.WARNING, "Hội đồng đã quyết định."
    ),
    NominationStatus.REJECTED: Face(
        "Không được khen thưởng", "Không được khen thưởng", Tone.BAD, "Hội đồng đã quyết định."
    ),
    NominationStatus.REVOKED: Face(
        "Đã thu hồi", "Đã thu hồi", Tone.BAD, "Quyết định thu hồi được lưu trong lịch sử."
    ),
}


class DecisionOutcome(TextChoices):
    """What the Council decided on a proposal."""

    APPROVED = "approved", "Khen thưởng như đề nghị"
    LOWERED = "lowered", "Khen thưởng ở mức khác"
    REJECTED = "rejected", "Không khen thưởng"


class AppealStatus(TextChoices):
    """An appeal is open until the board has decided it."""

    OPEN = "open", "Đang giải quyết"
    DECIDED = "decided", "Đã giải quyết"


class BallotMethod(TextChoices):
    """How the members voted."""

    SECRET = "secret", "Bỏ phiếu kín"
    HANDS = "hands", "Biểu quyết giơ tay"


class RemarkKind(TextChoices):
    """What is said or done around a sheet without changing its status."""

    COMMENT = "comment", "Ý kiến trong đơn vị"
    RETURNED = "returned", "Trả lại cán bộ"
    FORWARDED = "forwarded", "Trình lãnh đạo"
    PAPER = "paper", "Nhận bản giấy, nhập hộ"
    CONFIRMED = "confirmed", "Đơn vị xác nhận số liệu nhập hộ"
    OBJECTED = "objected", "Đơn vị không đồng ý số liệu nhập hộ"


INSIDE_UNIT = (RemarkKind.COMMENT, RemarkKind.RETURNED, RemarkKind.FORWARDED)
"""What only the unit's own people read."""


class PaperAnswer(TextChoices):
    """What a unit says of what the secretary entered from its paper."""

    CONFIRMED = "confirmed", "Đơn vị đã xác nhận"
    OBJECTED = "objected", "Đơn vị không đồng ý"
    OWN = "own", "Đơn vị tự nhập, tự nộp"
