"""Administrators find the people they look for, however many there are."""

from backend.accounts.queries import people_of
from backend.accounts.rules import Role
from tests.makers import a_unit, an_actor


def test_who_comes_first_is_seen_even_where_not_all_people_are(session):
    unit = a_unit(session)
    admin = an_actor(session, unit, Role.UNIT_ADMINISTRATOR, name="甲")
    late = an_actor(session, unit, Role.INSPECTOR, name="癸").person_id
    session.commit()
    assert [person.id for person in people_of(session, admin, first={late: 2}, limit=1)] == [late]
    assert [person.id for person in people_of(session, admin, limit=1)] == [admin.person_id]
