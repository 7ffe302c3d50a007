"""URLs of blocs and their years."""

from __future__ import annotations

from django.urls import URLPattern, path

from blocs.views import (
    blocs,
    board_deadlines,
    boards,
    deadlines,
    imports,
    invitations,
    meetings,
    members,
    papers,
    people,
    structure,
    structure_blocs,
    terms,
    units,
    year,
    year_new,
)

YEAR = "nam/<int:year_id>/"
UNIT = "don-vi/<int:unit_id>/"
IMPORTS = "don-vi/nhap-danh-sach/"
BOARD = "ban/<int:board_id>/"
BOARD_DEADLINES = "toan-tinh/<int:board_id>/thoi-han/<int:year>/"
MEETING = f"{YEAR}hoi-nghi/<int:meeting_id>/"

urlpatterns: list[URLPattern] = [
    path("khoi/", blocs.bloc_list, name="bloc_list"),
    path("khoi/lap-moi/", blocs.bloc_create, name="bloc_create"),
    path("khoi/<int:bloc_id>/", blocs.bloc_page, name="bloc"),
    path("khoi/<int:bloc_id>/nam-moi/", year_new.year_new, name="year_new"),
    path("khoi/<int:bloc_id>/doi-ten/", structure_blocs.bloc_rename, name="bloc_rename"),
    path("khoi/<int:bloc_id>/ket-thuc/", structure_blocs.bloc_end, name="bloc_end"),
    # boards
    path("hoi-dong/lap/", boards.board_found, name="board_found"),
    path("hoi-dong/hop-nhat/", boards.boards_merge, name="boards_merge"),
    path(BOARD, boards.board_page, name="board"),
    path(f"{BOARD}sua/", boards.board_edit, name="board_edit"),
    path(f"{BOARD}thay-doi/", boards.structure_record, name="structure_record"),
    # the bloc-year
    path(YEAR, year.bloc_year, name="bloc_year"),
    path(f"{YEAR}chuyen-buoc/", year.take, name="take_step"),
    path(f"{YEAR}sua/", year.year_edit, name="year_edit"),
    # members, who leads, the secretariat
    path(f"{YEAR}don-vi/", members.member_list, name="member_list"),
    path(f"{YEAR}don-vi/them/", members.member_add, name="member_add"),
    path(f"{YEAR}don-vi/<int:membership_id>/bo/", members.member_remove, name="member_remove"),
    path(
        f"{YEAR}don-vi/<int:membership_id>/roi-khoi/",
        structure_blocs.member_end,
        name="member_end",
    ),
    path(
        f"{YEAR}don-vi/<int:membership_id>/chuyen-khoi/",
        structure_blocs.member_move,
        name="member_move",
    ),
    path(f"{YEAR}truong-khoi/them/", terms.term_add, name="term_add"),
    path(f"{YEAR}truong-khoi/<int:term_id>/thoi/", terms.term_end, name="term_end"),
    path(f"{YEAR}thay-truong-khoi/", terms.stand_in, name="stand_in"),
    path(f"{YEAR}bau/", terms.election, name="election"),
    path(f"{YEAR}to-thu-ky/them/", terms.secretary_add, name="secretary_add"),
    path(f"{YEAR}to-thu-ky/<int:secretary_id>/thoi/", terms.secretary_end, name="secretary_end"),
    # deadlines
    path(f"{YEAR}thoi-han/", deadlines.deadline_list, name="deadline_list"),
    path(f"{YEAR}thoi-han/dat/", deadlines.deadline_edit, name="deadline_edit"),
    path(
        f"{YEAR}thoi-han/<int:deadline_id>/gia-han/",
        deadlines.deadline_extend,
        name="deadline_extend",
    ),
    path(
        f"{YEAR}thoi-han/<int:deadline_id>/theo-han-chung/",
        deadlines.deadline_follow,
        name="deadline_follow",
    ),
    path(BOARD_DEADLINES, board_deadlines.board_deadlines, name="board_deadlines"),
    path(f"{BOARD_DEADLINES}dat/", board_deadlines.board_deadline_set, name="board_deadline_set"),
    # meetings
    path(f"{YEAR}hoi-nghi/", meetings.meeting_list, name="meeting_list"),
    path(f"{YEAR}hoi-nghi/ghi/", meetings.meeting_add, name="meeting_add"),
    path(MEETING, meetings.meeting_page, name="meeting"),
    path(f"{MEETING}sua/", meetings.meeting_edit, name="meeting_edit"),
    path(f"{MEETING}bien-ban/", meetings.meeting_minutes, name="meeting_minutes"),
    path(f"{MEETING}thanh-phan/", meetings.meeting_attendance, name="meeting_attendance"),
    path(f"{MEETING}van-ban/", meetings.meeting_papers, name="meeting_papers"),
    # the bloc's papers, joint activities
    path(f"{YEAR}van-ban/", papers.paper_list, name="paper_list"),
    path(f"{YEAR}van-ban/them/", papers.paper_add, name="paper_add"),
    path(f"{YEAR}van-ban/<int:paper_id>/tai/", papers.paper_download, name="paper_download"),
    path(f"{YEAR}van-ban/<int:paper_id>/thoi-ap-dung/", papers.paper_revoke, name="paper_revoke"),
    path(f"{YEAR}hoat-dong/them/", papers.activity_add, name="activity_add"),
    path(f"{YEAR}hoat-dong/<int:activity_id>/sua/", papers.activity_edit, name="activity_edit"),
    # the board's register of units
    path("don-vi/", units.unit_list, name="unit_list"),
    path("don-vi/them/", units.unit_add, name="unit_add"),
    path(IMPORTS, imports.import_page, name="import_page"),
    path(f"{IMPORTS}mau/", imports.import_template, name="import_template"),
    path(f"{IMPORTS}hien-tai/", imports.import_current, name="import_current"),
    path(f"{IMPORTS}<int:import_id>/", imports.import_preview, name="import_preview"),
    path(f"{IMPORTS}<int:import_id>/xac-nhan/", imports.import_confirm, name="import_confirm"),
    path(f"{IMPORTS}<int:import_id>/tep/", imports.import_file, name="import_file"),
    path(UNIT, units.unit_page, name="unit"),
    path("don-vi/sap-nhap/", structure.unit_merge, name="unit_merge"),
    path(f"{UNIT}doi-ten/", structure.unit_rename, name="unit_rename"),
    path(f"{UNIT}chia-tach/", structure.unit_split, name="unit_split"),
    path(f"{UNIT}giai-the/", structure.unit_dissolve, name="unit_dissolve"),
    # people, posts, accounts
    path(f"{UNIT}chuc-vu/ghi/", people.post_add, name="post_add"),
    path(f"{UNIT}nguoi-moi/", people.person_add, name="person_add"),
    path(f"{UNIT}chuc-vu/<int:post_id>/thoi/", people.post_end, name="post_end"),
    path(f"{UNIT}chuc-vu/<int:post_id>/ban-giao/", people.post_hand_over, name="post_hand_over"),
    path(f"{BOARD}can-bo/them/", people.board_post_add, name="board_post_add"),
    path(f"{BOARD}can-bo/<int:post_id>/thoi/", people.board_post_end, name="board_post_end"),
    path("nguoi/<int:person_id>/sua/", people.person_edit, name="person_edit"),
    path("don-vi/loi-moi/", invitations.invitation_list, name="invitation_list"),
    path("don-vi/loi-moi/gui/", invitations.invitation_send, name="invitation_send"),
    path("don-vi/loi-moi/in/", invitations.invitation_print, name="invitation_print"),
    path("loi-moi/", invitations.invitation_enter, name="invitation_enter"),
    path("loi-moi/<str:code>/", invitations.invitation_page, name="invitation"),
]
