"""The dossiers that wait for somebody."""

from datetime import date

from cabinet.dossiers.models import MissionState
from cabinet.dossiers.worklist import Worklist, coming_missions, worklist
from cabinet.imports.enums import ImportState, Refusal
from tests.cabinet.factories import make_client, make_declared_months, make_import, make_mission, make_year
from tests.cabinet.people import People

TODAY = date(2026, 11, 17)


def names(found: Worklist) -> tuple[list[str], list[str], list[str]]:
    groups = (found.blocked, found.late, found.to_complete)
    blocked, late, to_complete = ([one.client.name for one in group.dossiers] for group in groups)
    return blocked, late, to_complete


def test_each_dossier_stands_once_in_its_worst_group(people: People) -> None:
    both = make_client(people.firm, people.manager, name="Scierie")
    make_import(both, state=ImportState.REFUSED, refusal=Refusal.UNREADABLE)
    make_mission(both, deadline=date(2026, 11, 1))
    late = make_client(people.firm, people.manager, name="Transports")
    mission = make_mission(late, deadline=date(2026, 11, 11))
    fine = make_client(people.firm, people.manager, name="Menuiserie")
    make_import(fine, year=make_year(fine))
    make_declared_months(fine, [f"2025-{month:02d}" for month in range(1, 13)])
    make_client(people.firm, people.manager, name="Ancien", active=False)
    found = worklist(people.actor("administrator"), today=TODAY, only_mine=False, limit=10)
    assert names(found) == (["Scierie"], ["Transports"], ["Biscuiterie Ternanteau"])
    assert found.late.dossiers[0].late == (mission,)
    assert found.count == 3


def test_a_mission_that_is_over_or_not_due_is_not_late(people: People) -> None:
    make_mission(people.client, deadline=date(2026, 11, 16), state=MissionState.DONE)
    make_mission(people.client, deadline=TODAY)
    assert worklist(people.actor("administrator"), today=TODAY, only_mine=False, limit=10).late.count == 0


def test_only_mine_and_only_what_is_visible(people: People) -> None:
    make_client(people.firm, people.expert, name="Garage")
    everything = worklist(people.actor("administrator"), today=TODAY, only_mine=False, limit=10)
    assert everything.to_complete.count == 2
    for name, mine, seen in (
        ("manager", 1, 1),
        ("inside", 0, 1),
        ("outside", 0, 0),
        ("expert", 1, 2),
        ("stranger", 1, 1),
    ):
        actor = people.actor(name)
        assert worklist(actor, today=TODAY, only_mine=True, limit=10).to_complete.count == mine, name
        assert worklist(actor, today=TODAY, only_mine=False, limit=10).to_complete.count == seen, name


def test_the_rest_is_counted(people: People) -> None:
    for rank in range(4):
        make_client(people.firm, people.manager, name=f"Atelier {rank}")
    found = worklist(people.actor("administrator"), today=TODAY, only_mine=False, limit=2)
    assert names(found)[2] == ["Atelier 0", "Atelier 1"]
    assert found.to_complete.count == 5


def test_deadlines_come_nearest_first(people: People) -> None:
    far = make_mission(people.client, deadline=date(2026, 12, 4))
    near = make_mission(people.client, deadline=date(2026, 11, 11))
    make_mission(people.client)
    make_mission(people.client, deadline=date(2026, 11, 12), state=MissionState.DONE)
    assert list(coming_missions(people.actor("inside"), only_mine=False)) == [near, far]
    assert not coming_missions(people.actor("outside"), only_mine=False).exists()
