"""URLs of scoring, in four parts; each part has one author and one subject."""

from __future__ import annotations

from django.urls import URLPattern, path

from scoring.views import (
    appeals,
    appraisal,
    appraisal_phrases,
    appraisal_second,
    appraisers,
    approval,
    autosave,
    ballots,
    cross_check,
    dealing,
    decision,
    disputes,
    evidence,
    evidence_files,
    explanation,
    nominations,
    overview,
    paper,
    quotas,
    ranking,
    rubric,
    rubric_create,
    rubric_edit,
    rubric_import,
    rubric_trial,
    rubric_versions,
    score_import,
    self_score,
    sheet_round,
    standing_decisions,
    what_if,
)

# ---------------------------------------------------------------- rubric
rubric_urls: list[URLPattern] = [
    path("nam/<int:year_id>/bang-cham-diem/", rubric.rubric_list, name="rubric_list"),
    path(
        "nam/<int:year_id>/bang-cham-diem/moi/", rubric_create.rubric_create, name="rubric_create"
    ),
    path(
        "nam/<int:year_id>/bang-cham-diem/mau-excel/",
        rubric_import.rubric_template,
        name="rubric_template",
    ),
    path(
        "nam/<int:year_id>/bang-cham-diem/nhap-tu-excel/",
        rubric_import.rubric_import,
        name="rubric_import",
    ),
    path(
        "nam/<int:year_id>/bang-cham-diem/nhap-tu-excel/xac-nhan/",
        rubric_import.rubric_import_confirm,
        name="rubric_import_confirm",
    ),
    path("bang-cham-diem/<int:rubric_id>/", rubric.rubric, name="rubric"),
    path(
        "bang-cham-diem/<int:rubric_id>/tai-excel/",
        rubric_import.rubric_export,
        name="rubric_export",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/nhap-tu-excel/",
        rubric_import.rubric_import_into,
        name="rubric_import_into",
    ),
    path("bang-cham-diem/<int:rubric_id>/buoc/", rubric.rubric_step, name="rubric_step"),
    path("bang-cham-diem/<int:rubric_id>/ban-hanh/", rubric.rubric_issue, name="rubric_issue"),
    path("bang-cham-diem/<int:rubric_id>/sao-chep/", rubric.rubric_copy, name="rubric_copy"),
    path("bang-cham-diem/<int:rubric_id>/gop-y/", rubric.rubric_comments, name="rubric_comments"),
    path(
        "bang-cham-diem/<int:rubric_id>/gop-y/<int:comment_id>/tra-loi/",
        rubric.rubric_comment_reply,
        name="rubric_comment_reply",
    ),
    path("bang-cham-diem/<int:rubric_id>/soan/", rubric_edit.rubric_editor, name="rubric_editor"),
    path("bang-cham-diem/<int:rubric_id>/thu-tu/", rubric_edit.rubric_order, name="rubric_order"),
    path(
        "bang-cham-diem/<int:rubric_id>/cham-thu/",
        rubric_trial.rubric_trial,
        name="rubric_trial",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/thay-doi/",
        rubric_versions.rubric_difference,
        name="rubric_difference",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/chuyen-bang/",
        rubric_versions.rubric_move,
        name="rubric_move",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/thong-tin/",
        rubric_edit.rubric_settings,
        name="rubric_settings",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/phan/moi/",
        rubric_edit.section_add,
        name="rubric_section_add",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/phan/<int:section_id>/",
        rubric_edit.section_edit,
        name="rubric_section_edit",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/phan/<int:section_id>/viec/",
        rubric_edit.section_deed,
        name="rubric_section_deed",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/phan/<int:section_id>/tieu-chi/moi/",
        rubric_edit.criterion_add,
        name="rubric_criterion_add",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/tieu-chi/<int:criterion_id>/y-moi/",
        rubric_edit.part_add,
        name="rubric_part_add",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/tieu-chi/<int:criterion_id>/",
        rubric_edit.criterion_edit,
        name="rubric_criterion_edit",
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/tieu-chi/<int:criterion_id>/viec/",
        rubric_edit.criterion_deed,
        name="rubric_criterion_deed",
    ),
    path("bang-cham-diem/<int:rubric_id>/xem-thu/", what_if.what_if, name="what_if"),
    path(
        "bang-cham-diem/<int:rubric_id>/xem-thu/mo/", what_if.what_if_access, name="what_if_access"
    ),
    path(
        "bang-cham-diem/<int:rubric_id>/xem-thu/<int:use_id>/",
        what_if.what_if_result,
        name="what_if_result",
    ),
]

# ---------------------------------------------------------------- self-score
_EVIDENCE = "phieu/<int:sheet_id>/minh-chung/<int:evidence_id>"

sheet_urls: list[URLPattern] = [
    path("nam/<int:year_id>/cham-diem/", self_score.sheet_list, name="sheet_list"),
    path("nam/<int:year_id>/cham-diem/mo/", self_score.sheet_open, name="sheet_open"),
    path("nam/<int:year_id>/cham-diem/nhap/", score_import.score_import, name="score_import"),
    path(
        "nam/<int:year_id>/cham-diem/nhap/mau/",
        score_import.score_import_template,
        name="score_import_template",
    ),
    path(
        "nam/<int:year_id>/cham-diem/nhap/xac-nhan/",
        score_import.score_import_confirm,
        name="score_import_confirm",
    ),
    path("phieu/<int:sheet_id>/", self_score.sheet, name="sheet"),
    path("phieu/<int:sheet_id>/luu/", self_score.sheet_save, name="sheet_save"),
    path("phieu/<int:sheet_id>/tu-luu/", autosave.sheet_autosave, name="sheet_autosave"),
    path("phieu/<int:sheet_id>/kiem-tra/", self_score.sheet_check, name="sheet_check"),
    path("phieu/<int:sheet_id>/nop/", self_score.sheet_submit, name="sheet_submit"),
    path("phieu/<int:sheet_id>/bien-nhan/", self_score.sheet_receipt, name="sheet_receipt"),
    path("phieu/<int:sheet_id>/tra-lai/", self_score.sheet_return, name="sheet_return"),
    path("phieu/<int:sheet_id>/trao-doi/", sheet_round.sheet_remark, name="sheet_remark"),
    path("phieu/<int:sheet_id>/ban-giay/", paper.paper_entry, name="paper_entry"),
    path("phieu/<int:sheet_id>/ban-giay/xac-nhan/", paper.paper_answer, name="paper_answer"),
    path("phieu/<int:sheet_id>/lich-su/", self_score.sheet_history, name="sheet_history"),
    path("phieu/<int:sheet_id>/bang-tu-cham.docx", self_score.sheet_docx, name="sheet_docx"),
    path(
        "phieu/<int:sheet_id>/minh-chung/them/<int:criterion_id>/",
        evidence.evidence_add,
        name="evidence_add",
    ),
    path(
        "phieu/<int:sheet_id>/minh-chung/them/<int:criterion_id>/tien-than/<int:evidence_id>/",
        evidence.evidence_link,
        name="evidence_link",
    ),
    path("phieu/<int:sheet_id>/minh-chung.zip", evidence_files.evidence_zip, name="evidence_zip"),
    path(f"{_EVIDENCE}/", evidence_files.evidence, name="evidence"),
    path(f"{_EVIDENCE}/xem/", evidence_files.evidence_view, name="evidence_view"),
    path(f"{_EVIDENCE}/mo/", evidence_files.evidence_open, name="evidence_open"),
    path(f"{_EVIDENCE}/dung-chung/", evidence.evidence_share, name="evidence_share"),
    path(f"{_EVIDENCE}/thay/", evidence.evidence_replace, name="evidence_replace"),
    path(f"{_EVIDENCE}/go/", evidence.evidence_remove, name="evidence_remove"),
]

# ---------------------------------------------------------------- appraisal
_SHEET = "phieu/<int:sheet_id>/"

appraisal_urls: list[URLPattern] = [
    path("nam/<int:year_id>/tham-dinh/", overview.appraisal_list, name="appraisal_list"),
    path("nam/<int:year_id>/tham-dinh/duyet/", approval.approve_several, name="approve_several"),
    path(
        "nam/<int:year_id>/tham-dinh/bang-tong-hop.xlsx",
        overview.summary_xlsx,
        name="summary_xlsx",
    ),
    path(
        "nam/<int:year_id>/tham-dinh/tong-hop-word/",
        overview.summary_docx,
        name="summary_docx",
    ),
    path("nam/<int:year_id>/tham-dinh/ai-tham-dinh/", appraisers.appraisers, name="appraisers"),
    path(
        "nam/<int:year_id>/tham-dinh/ai-tham-dinh/bo-phan/",
        appraisers.department_person_add,
        name="department_person_add",
    ),
    path(
        "nam/<int:year_id>/tham-dinh/ai-tham-dinh/bo-phan/<int:row_id>/thoi/",
        appraisers.department_person_end,
        name="department_person_end",
    ),
    path(
        "nam/<int:year_id>/kiem-tra-cheo/phan-cong/",
        dealing.cross_check_deal,
        name="cross_check_deal",
    ),
    path(f"{_SHEET}tham-dinh/", appraisal.appraise, name="appraise"),
    path(f"{_SHEET}tham-dinh/bat-dau/", appraisal.appraise_start, name="appraise_start"),
    path(f"{_SHEET}tham-dinh/luu/", appraisal.appraise_save, name="appraise_save"),
    path(f"{_SHEET}tham-dinh/ly-do-mau/", appraisal_phrases.stock_phrase, name="stock_phrase"),
    path(
        f"{_SHEET}tham-dinh/moi-giai-trinh/",
        appraisal.explanation_request,
        name="explanation_request",
    ),
    path(f"{_SHEET}tham-dinh/hoan-thanh/", appraisal.appraise_finish, name="appraise_finish"),
    path(f"{_SHEET}tham-dinh/mo-lai/", appraisal.appraise_reopen, name="appraise_reopen"),
    path(
        f"{_SHEET}tham-dinh/tra-ve-vong-mot/", appraisal_second.appraise_back, name="appraise_back"
    ),
    path(f"{_SHEET}giai-trinh/", explanation.explanations, name="explanations"),
    path(f"{_SHEET}giai-trinh/gui/", explanation.explanations_send, name="explanations_send"),
    path(
        f"{_SHEET}giai-trinh/<int:explanation_id>/tra-loi/",
        explanation.explanation_answer,
        name="explanation_answer",
    ),
    path(
        f"{_SHEET}giai-trinh/ket-thuc/", explanation.explanations_close, name="explanations_close"
    ),
    path(f"{_SHEET}kiem-tra-cheo/", cross_check.cross_checks, name="cross_checks"),
    path(
        f"{_SHEET}kiem-tra-cheo/phan-cong/",
        cross_check.cross_check_assign,
        name="cross_check_assign",
    ),
    path(
        f"{_SHEET}kiem-tra-cheo/<int:check_id>/thoi/",
        cross_check.cross_check_end,
        name="cross_check_end",
    ),
    path(
        f"{_SHEET}kiem-tra-cheo/<int:check_id>/y-kien/",
        cross_check.cross_check_opinion,
        name="cross_check_opinion",
    ),
    path(f"{_SHEET}duyet/", approval.approve, name="approve"),
    path(f"{_SHEET}khong-thong-nhat/", disputes.dispute_raise, name="dispute_raise"),
    path(
        f"{_SHEET}khong-thong-nhat/<int:dispute_id>/ket-luan/",
        disputes.dispute_settle,
        name="dispute_settle",
    ),
]

# ---------------------------------------------------------------- results
_YEAR = "nam/<int:year_id>/"

result_urls: list[URLPattern] = [
    path(f"{_YEAR}xep-hang/", ranking.ranking, name="ranking"),
    path(f"{_YEAR}xep-hang/excel/", ranking.ranking_workbook, name="ranking_xlsx"),
    path(f"{_YEAR}xep-hang/bang-tong-hop/", ranking.ranking_paper, name="ranking_docx"),
    path(f"{_YEAR}xep-hang/ban-<int:number>/", ranking.ranking_snapshot, name="ranking_snapshot"),
    path(f"{_YEAR}bo-phieu/", ballots.ballot_list, name="ballot_list"),
    path(f"{_YEAR}bo-phieu/ghi/", ballots.ballot_new, name="ballot_new"),
    path(f"{_YEAR}bo-phieu/thu-tu/", ballots.tie_decision, name="tie_decision"),
    path(f"{_YEAR}chi-tieu/", quotas.quota_list, name="quota_list"),
    path(f"{_YEAR}chi-tieu/<int:award_id>/", quotas.quota_edit, name="quota_edit"),
    path(f"{_YEAR}chi-tieu/hinh-thuc/", quotas.award_new, name="award_new"),
    path(f"{_YEAR}chi-tieu/can-cu/", quotas.ground_rules, name="ground_rules"),
    path(
        f"{_YEAR}khong-xet/",
        standing_decisions.standing_decision_list,
        name="standing_decision_list",
    ),
    path(
        f"{_YEAR}khong-xet/<int:membership_id>/", standing_decisions.exclude, name="exclude_member"
    ),
    path(
        f"{_YEAR}khong-xet/<int:membership_id>/van-xet/",
        standing_decisions.override,
        name="override_ground",
    ),
    path(
        f"{_YEAR}khong-xet/quyet-dinh-<int:decision_id>/rut-lai/",
        standing_decisions.revoke,
        name="revoke_standing_decision",
    ),
    path(f"{_YEAR}de-nghi/", nominations.nomination_list, name="nomination_list"),
    path(f"{_YEAR}de-nghi/chot/", nominations.nominations_confirm, name="nominations_confirm"),
    path(
        f"{_YEAR}de-nghi/<int:nomination_id>/",
        nominations.nomination_decide,
        name="nomination_decide",
    ),
    path(f"{_YEAR}quyet-dinh/", decision.decision_list, name="decision_list"),
    path(
        f"{_YEAR}quyet-dinh/<int:nomination_id>/", decision.decision_record, name="decision_record"
    ),
    path(f"{_YEAR}cong-bo/", decision.publish, name="publish"),
    path(f"{_YEAR}kien-nghi/", appeals.appeal_list, name="appeal_list"),
    path(f"{_YEAR}kien-nghi/gui/", appeals.appeal_new, name="appeal_new"),
    path(
        f"{_YEAR}kien-nghi/<int:appeal_id>/giai-quyet/", appeals.appeal_decide, name="appeal_decide"
    ),
]

urlpatterns: list[URLPattern] = [*rubric_urls, *sheet_urls, *appraisal_urls, *result_urls]
