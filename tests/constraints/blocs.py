"""One breach for each constraint of ``blocs``."""

from __future__ import annotations

from tests.constraints.breach import BEFORE, DAY, NOW, breach, breach_by

OPEN_POST = {"unit__isnull": False, "ends_on__isnull": True}

BLOCS = {
    "board_heir_after_end": breach_by(
        "Chỉ Hội đồng đã kết thúc mới có Hội đồng kế tục.",
        lambda story, _row: {"heir_id": story.keys["other_board"]},
        name="Tỉnh Ví Dụ",
    ),
    "board_one_current_name": breach(
        "Hội đồng chỉ có một tên hiện hành.", {"ends_on__isnull": True}
    ),
    "board_name_dates_in_order": breach(
        "Ngày thôi dùng tên phải sau ngày bắt đầu dùng.", starts_on=DAY, ends_on=BEFORE
    ),
    "unit_name_once_per_board": breach(
        "Hội đồng này đã có đơn vị mang tên đó.", {"ended_on__isnull": True}
    ),
    "unit_one_current_name": breach("Đơn vị chỉ có một tên hiện hành.", {"ends_on__isnull": True}),
    "unit_name_dates_in_order": breach(
        "Ngày thôi dùng tên phải sau ngày bắt đầu dùng.", starts_on=DAY, ends_on=BEFORE
    ),
    "post_in_unit_or_board": breach(
        "Chức vụ thuộc một đơn vị hoặc một Hội đồng.", OPEN_POST, unit_id=None
    ),
    "post_role_fits_place": breach(
        "Cán bộ Ban Thi đua - Khen thưởng thuộc Hội đồng; lãnh đạo và cán bộ đầu mối thuộc đơn vị.",
        OPEN_POST,
        role="board_officer",
    ),
    "post_dates_in_order": breach(
        "Ngày thôi giữ chức vụ phải sau ngày bắt đầu.", OPEN_POST, starts_on=DAY, ends_on=BEFORE
    ),
    "post_closed_has_last_day": breach(
        "Chức vụ đã đóng quyền truy cập phải có ngày thôi giữ.", OPEN_POST, closed_at=NOW
    ),
    "post_once_per_unit": breach("Người này đang giữ chức vụ đó tại đơn vị.", OPEN_POST),
    "bloc_successor_after_end": breach_by(
        "Chỉ khối đã kết thúc mới có khối kế tục.",
        lambda story, _row: {"successor_id": story.keys["other_bloc"]},
        name="Khối số 1",
    ),
    "structure_change_reasoned": breach("Thay đổi tổ chức phải ghi lý do.", reason=""),
    "succession_once": breach("Việc kế thừa này đã được ghi."),
    "succession_of_another": breach_by(
        "Đơn vị không kế thừa chính mình.",
        lambda _story, row: {"predecessor_id": row.successor_id},
    ),
    "invitation_one_open": breach(
        "Người này đang có một lời mời chưa dùng.", code_hash="khác".encode().hex()
    ),
    "invitation_used_or_revoked": breach(
        "Lời mời đã dùng thì không thu hồi được.", used_at=NOW, revoked_at=NOW
    ),
    "board_import_applied_pair": breach(
        "Thời điểm và người nhập phải ghi cùng nhau.", applied_at=NOW
    ),
    "bloc_year_once": breach("Khối đã có năm thi đua này."),
    "bloc_year_plausible": breach("Năm phải từ 1948 đến 2200.", year=1900),
    "bloc_year_published_pair": breach(
        "Thời điểm và người công bố phải ghi cùng nhau.",
        {"published_at__isnull": False},
        published_by_id=None,
    ),
    "bloc_year_published_after_decision": breach(
        "Chỉ công bố khi đã có quyết định của Hội đồng.",
        {"published_at__isnull": False},
        status="running",
    ),
    "bloc_year_quorum_range": breach(
        "Tỷ lệ dự họp tối thiểu phải trên 0 và không quá 100 phần trăm.", quorum_percent=0
    ),
    "membership_once": breach("Đơn vị đã có trong danh sách của Khối năm này.", is_ranking=False),
    "membership_one_ranking_per_year": breach_by(
        "Mỗi năm một đơn vị chỉ được xếp hạng tại một khối.",
        lambda story, _row: {"bloc_year_id": story.keys["other_year"]},
        bloc_year__bloc__name="Khối số 1",
        year=2025,
    ),
    "membership_dates_in_order": breach(
        "Ngày rời khối phải sau ngày vào khối.", starts_on=DAY, ends_on=BEFORE
    ),
    "membership_scored_period_in_order": breach(
        "Ngày cuối kỳ chấm phải sau ngày đầu kỳ.", scored_from=DAY, scored_to=BEFORE
    ),
    "term_one_head": breach_by(
        "Năm này Khối đã có Trưởng khối.",
        lambda story, _row: {"unit_id": story.units["outside"]},
        kind="head",
        ended_on=None,
    ),
    "term_one_stand_in": breach_by(
        "Năm này đã có đơn vị được phân công thay Trưởng khối.",
        lambda story, _row: {"unit_id": story.units["outside"]},
        kind="stand_in",
    ),
    "term_one_role_per_unit": breach(
        "Đơn vị đã giữ một vai trò trong năm này.", {"kind": "deputy"}
    ),
    "secretariat_once": breach("Người này đã có trong tổ thư ký."),
    "deadline_exception_reasoned": breach(
        "Hạn đặt riêng cho một khối phải ghi lý do.", is_exception=True, exception_reason=""
    ),
    "deadline_once": breach("Việc này đã có thời hạn."),
    "board_deadline_once": breach("Việc này đã có thời hạn chung trong năm."),
    "attendance_once": breach("Đơn vị đã được ghi thành phần dự họp."),
    "bloc_paper_once": breach("Khối đã có văn bản cùng loại, cùng tên trong năm này."),
}
