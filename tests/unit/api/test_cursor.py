"""Cursors of pages."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_api.features.posts.cursor import decode_cursor, encode_cursor
from sentistream_core.database.posts import PagePosition


@given(
    st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (zone is given)
    st.uuids(),
)
def test_a_cursor_keeps_its_place_to_the_microsecond(time: datetime, post_id: UUID) -> None:
    assert decode_cursor(encode_cursor(PagePosition(time, post_id))) == PagePosition(time, post_id)


@pytest.mark.parametrize("cursor", ["", "x", "1-2", "ffffffffffffffff-" + "0" * 32])
def test_what_is_no_cursor_is_a_value_error(cursor: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode_cursor(cursor)
