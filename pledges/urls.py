"""URLs of pledges, registrations and reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from pledges.views import comments, drafting, pledge, registrations, reports, signing

YEAR = "nam/<int:year_id>"
TEXT = f"{YEAR}/giao-uoc"
ITEM = f"{TEXT}/noi-dung/<int:item_id>"
REGISTRATION = "dang-ky/<int:membership_id>"
UNIT_REPORT = "bao-cao/<int:membership_id>/<slug:kind>"
BLOC_REPORT = f"{YEAR}/bao-cao/<slug:kind>"

urlpatterns: list[URLPattern] = [
    path(f"{TEXT}/", pledge.pledge, name="pledge"),
    path(f"{TEXT}/chuyen-buoc/", pledge.take, name="pledge_take"),
    path(f"{TEXT}/ban-in/", pledge.printed, name="pledge_print"),
    path(f"{TEXT}/ban-word/", pledge.docx, name="pledge_docx"),
    path(f"{TEXT}/soan/", drafting.draft, name="pledge_draft"),
    path(f"{TEXT}/sua/", drafting.edit, name="pledge_edit"),
    path(f"{TEXT}/sua/phan-dau/", drafting.heading, name="pledge_heading"),
    path(f"{TEXT}/noi-dung/", drafting.item_add, name="pledge_item_add"),
    path(f"{ITEM}/", drafting.item_edit, name="pledge_item_edit"),
    path(f"{ITEM}/chuyen/", drafting.item_move, name="pledge_item_move"),
    path(f"{ITEM}/bo/", drafting.item_drop, name="pledge_item_drop"),
    path(f"{TEXT}/gop-y/", comments.comment, name="pledge_comment"),
    path(f"{TEXT}/gop-y/<int:comment_id>/tra-loi/", comments.reply, name="pledge_reply"),
    path(f"{TEXT}/ky/<int:membership_id>/", signing.sign, name="pledge_sign"),
    path(f"{TEXT}/ban-giay/<int:membership_id>/", signing.paper, name="pledge_paper_signature"),
    path(f"{TEXT}/chu-ky/<int:signature_id>/", signing.receipt, name="pledge_receipt"),
    path(f"{TEXT}/chu-ky/<int:signature_id>/huy/", signing.revoke, name="pledge_revoke"),
    path(f"{TEXT}/chu-ky/<int:signature_id>/ban-chup/", signing.scan, name="pledge_scan"),
    path(f"{YEAR}/dang-ky/", registrations.registration_list, name="registration_list"),
    path(f"{REGISTRATION}/", registrations.registration, name="registration"),
    path(f"{REGISTRATION}/sua/", registrations.edit, name="registration_edit"),
    path(f"{REGISTRATION}/gui/", registrations.send, name="registration_send"),
    path(f"{REGISTRATION}/tra-lai/", registrations.hand_back, name="registration_return"),
    path(f"{YEAR}/bao-cao/", reports.report_list, name="report_list"),
    path(f"{BLOC_REPORT}/", reports.bloc_report, name="bloc_report"),
    path(f"{BLOC_REPORT}/sua/", reports.bloc_report_edit, name="bloc_report_edit"),
    path(f"{BLOC_REPORT}/gui/", reports.bloc_report_send, name="bloc_report_send"),
    path(f"{BLOC_REPORT}/tra-lai/", reports.bloc_report_return, name="bloc_report_return"),
    path(f"{UNIT_REPORT}/", reports.unit_report, name="unit_report"),
    path(f"{UNIT_REPORT}/sua/", reports.unit_report_edit, name="unit_report_edit"),
    path(f"{UNIT_REPORT}/gui/", reports.unit_report_send, name="unit_report_send"),
    path(f"{UNIT_REPORT}/tra-lai/", reports.unit_report_return, name="unit_report_return"),
]
