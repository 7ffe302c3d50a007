"""After boards merged, the page names the agencies that bore one name until they are merged too."""

from __future__ import annotations

import pytest

from blocs.selectors.board_mergers import Merger
from blocs.services.board_mergers import merge_boards
from emulation import clock
from tests.factories import BoardFactory, UnitFactory, make_board_officer, make_user

pytestmark = pytest.mark.django_db


def test_the_heirs_page_lists_the_pairs_and_leads_to_merging_them(client):
    admin = make_user(is_superuser=True, is_staff=True)
    former, heir = BoardFactory(name="Tỉnh Thái Bình"), BoardFactory(name="Tỉnh Hưng Yên")
    for board in (former, heir):
        UnitFactory(board=board, name="Sở Tài chính")
    merger = Merger((former,), heir, clock.today(), "NQ 202", "Hợp nhất")
    merge_boards(actor=admin, merger=merger)
    client.force_login(make_board_officer(heir))
    page = client.get(f"/ban/{heir.pk}/").content.decode()
    assert "Sở Tài chính tỉnh Thái Bình" in page
    assert 'href="/don-vi/sap-nhap/"' in page
    client.force_login(admin)
    page = client.get(f"/ban/{heir.pk}/").content.decode()
    assert "Sở Tài chính tỉnh Thái Bình" in page
    assert 'href="/don-vi/sap-nhap/"' not in page
