"""One breach for each constraint of ``scoring``."""

from __future__ import annotations

from tests.constraints.breach import NOW, breach

DRAFT = {"status": "draft", "issued_at": None, "issued_by_id": None}

SCORING = {
    "rubric_version_once": breach("Lần ban hành này đã có bảng chấm điểm.", **DRAFT),
    "rubric_one_issued": breach("Khối đã có bảng chấm điểm đang áp dụng.", version=99),
    "rubric_issued_whole": breach(
        "Bảng đã ban hành phải ghi người và thời điểm ban hành.", issued_by_id=None
    ),
    "grade_bound_once": breach("Hai xếp loại không được cùng mức điểm bắt đầu.", name="Loại khác"),
    "grade_name_once": breach("Tên xếp loại đã có trong bảng.", lower_bound=1),
    "section_code_once": breach("Mã phần đã có trong bảng."),
    "criterion_code_once": breach("Mã tiêu chí đã có trong bảng."),
    "criterion_max_positive": breach("Điểm tối đa của tiêu chí phải lớn hơn 0.", max_points=0),
    "criterion_per_positive": breach("Điểm mỗi lần phải lớn hơn 0.", per=0),
    "criterion_step_positive": breach("Bước điểm phải lớn hơn 0.", step=0),
    "rubric_comment_reply_whole": breach(
        "Trả lời phải có nội dung, người và thời điểm trả lời.", {"reply": ""}, reply="Tiếp thu"
    ),
    "sheet_submitted_pair": breach(
        "Thời điểm và người nộp phải ghi cùng nhau.",
        {"submitted_at__isnull": False},
        submitted_by_id=None,
    ),
    "sheet_first_round_pair": breach(
        "Thời điểm và người xong vòng một phải ghi cùng nhau.", first_round_at=NOW
    ),
    "sheet_second_round_follows": breach(
        "Thẩm định vòng hai phải sau khi xong vòng một.",
        status="second_round",
        approved_at=None,
        approved_by_id=None,
    ),
    "sheet_appraised_pair": breach(
        "Thời điểm và người thẩm định phải ghi cùng nhau.",
        {"appraised_at__isnull": False},
        appraised_by_id=None,
    ),
    "sheet_approved_pair": breach(
        "Thời điểm và người duyệt phải ghi cùng nhau.",
        {"approved_at__isnull": False},
        approved_by_id=None,
    ),
    "sheet_approved_fits_status": breach(
        "Bảng đã duyệt phải ghi người và thời điểm duyệt.",
        {"status": "approved"},
        status="appraised",
    ),
    "line_once": breach("Tiêu chí đã có trên bảng chấm điểm này."),
    "line_typed_or_entered": breach(
        "Số liệu nhập dở không đi cùng số liệu đã nhập đủ.",
        {"self_input__isnull": False},
        self_typed={"numerator": "1"},
    ),
    "stage_total_once": breach("Cột điểm này đã có tổng."),
    "evidence_file_or_citation": breach(
        "Minh chứng phải có tệp, hoặc số và ngày văn bản.", file_id=None, number=""
    ),
    "evidence_removed_pair": breach(
        "Thời điểm và người gỡ minh chứng phải ghi cùng nhau.", removed_at=NOW
    ),
    "remark_says_something": breach("Ý kiến, trả lại, không đồng ý phải có nội dung.", text=""),
    "paper_entry_open_once": breach("Bảng này đang có một bản giấy chờ đơn vị xác nhận."),
    "paper_entry_answer_whole": breach(
        "Trả lời của đơn vị phải ghi người và thời điểm.", answer="confirmed"
    ),
    "evidence_view_once": breach("Đã ghi nhận người này mở minh chứng."),
    "cross_check_once": breach("Người này đã được phân công kiểm tra bảng chấm điểm đó."),
    "department_person_once": breach("Người này đã được cử thẩm định cho bộ phận đó."),
    "explanation_whole": breach(
        "Giải trình phải ghi người và thời điểm giải trình.",
        {"agrees": False},
        explained_by_id=None,
    ),
    "explanation_answer_whole": breach(
        "Trả lời giải trình phải ghi người và thời điểm trả lời.", answered_by_id=None
    ),
    "stock_phrase_once": breach("Lý do mẫu này đã có trong danh sách của đồng chí."),
    "dispute_resolution_whole": breach(
        "Kết luận phải ghi người và thời điểm ghi nhận.", resolved_by_id=None
    ),
    "ballot_sums": breach(
        "Số phiếu thu về phải bằng số hợp lệ cộng số không hợp lệ, không quá số phát ra; số phát "
        "ra không quá số người có quyền bỏ phiếu.",
        invalid=1,
    ),
    "ballot_vote_once": breach("Đơn vị đã được ghi số phiếu."),
    "award_code_once": breach("Hội đồng đã có hình thức khen thưởng này."),
    "quota_once": breach("Hình thức khen thưởng này đã có chỉ tiêu."),
    "quota_limited": breach(
        "Chỉ tiêu phải ghi số lượng hoặc tỷ lệ tối đa.", max_count=None, max_share=None
    ),
    "ground_rule_once": breach("Căn cứ này đã có hệ quả."),
    "not_considered_once": breach("Đơn vị đã có quyết định về căn cứ này."),
    "not_considered_reasoned": breach("Quyết định phải ghi lý do.", reason=""),
    "snapshot_number_once": breach("Bản số này đã có."),
    "ranking_row_once": breach("Đơn vị đã có trong bảng xếp hạng."),
    "decision_reasoned": breach(
        "Quyết định khác đề nghị của Khối phải ghi lý do.",
        outcome="rejected",
        award_id=None,
        reason="",
    ),
    "decision_award_fits": breach(
        "Hình thức khen thưởng phải khớp với quyết định.",
        outcome="lowered",
        award_id=None,
        reason="Vượt chỉ tiêu",
    ),
    "appeal_decided_whole": breach(
        "Kiến nghị đã giải quyết phải ghi kết quả và người ghi.", status="decided"
    ),
}
