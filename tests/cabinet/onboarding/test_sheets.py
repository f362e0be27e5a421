"""A list of clients: read whatever wrote it, checked row by row, imported once whatever stops the worker."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone
from openpyxl import Workbook

from cabinet.accounts.permissions import Role
from cabinet.audit.models import LogEntry
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.dossiers.models import Dossier
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job, JobState
from cabinet.onboarding.models import ClientSheet, RowState, SheetRow
from cabinet.onboarding.sheets import services
from cabinet.onboarding.sheets.reading import MAX_BYTES, MAX_ROWS, UnreadableSheet, read_sheet
from cabinet.onboarding.sheets.sealing import open_row
from cabinet.onboarding.sheets.tasks import enqueue, import_clients, take_up_abandoned
from tests.cabinet.factories import make_client, make_portfolio, make_siret
from tests.cabinet.onboarding.drafting import HIDDEN
from tests.cabinet.people import People

HEAD = "SIRET;Nom;Code dossier;Portefeuilles;Responsable;Personne de contact;E-mail du contact"


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def received(people: People, *rows: str, head: str = HEAD) -> ClientSheet:
    return services.receive_sheet(
        actor=people.actor("administrator"), file_name="liste.csv", data=csv_of(*rows, head=head)
    )


def started(people: People, sheet: ClientSheet) -> Job:
    return services.start_import(actor=people.actor("administrator"), sheet=sheet)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, target = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "SIRET;Nom\n00001234400016;Électricité".encode(),
        "SIRET;Nom\n00001234400016;Électricité".encode("utf-8-sig"),
        "SIRET;Nom\n00001234400016;Électricité".encode("cp1252"),
        "SIRET\tNom\r\n00001234400016\tÉlectricité\r\n".encode("utf-16"),
        "N° de SIRET,Raison sociale\n00001234400016,Électricité".encode(),
        "Nos clients\n\n siret |dénomination\n00001234400016|Électricité".encode(),
        workbook(("Nom", "Siret"), ("Électricité", "00001234400016")),
    ],
    ids=["utf-8", "mark", "windows", "utf-16 tabs", "commas", "title above", "xlsx"],
)
def test_whatever_wrote_the_list(data: bytes) -> None:
    (line,) = read_sheet(data)
    assert line.values == {"siret": "00001234400016", "name": "Électricité"}


def test_a_workbook_keeps_every_digit() -> None:
    (line,) = read_sheet(workbook(("SIRET",), (12345678900012,)))
    assert line.values["siret"] == "12345678900012"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"SIRET;Nom\n;\n", "empty"),
        (b"Numero;Nom\n1;2\n", "no_siret"),
        (b"PK\x03\x04nothing", "unreadable"),
        (b"SIRET\0\n1", "unreadable"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (b"SIRET\n" + b"1\n" * (MAX_ROWS + 1), "too_many_rows"),
    ],
    ids=["nothing", "no row", "no siret", "broken zip", "binary", "large", "many"],
)
def test_what_is_no_list(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableSheet) as raised:
        list(read_sheet(data))
    assert raised.value.code == code


def problems(sheet: ClientSheet, row: SheetRow) -> list[dict[str, str]]:
    content = open_row(sheet, row)
    assert content is not None
    return content.problems


def test_what_a_list_says_is_sealed(people: People) -> None:
    sheet = received(people, f"{make_siret(70_001)};Boulangerie du Port;;;;Ève Rault;eve@client.test")
    row = sheet.rows.get()
    assert b"Boulangerie" not in bytes(row.sealed)
    content = open_row(sheet, row)
    assert content is not None
    assert content.values["contact_email"] == "eve@client.test"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM onboarding_sheetrow")
        kept = [bytes(one) if isinstance(one, memoryview) else one for line in cursor.fetchall() for one in line]
    assert "Boulangerie" not in str(kept)
    row.sealed = bytes(row.sealed)[:-1]
    assert open_row(sheet, row) is None


def test_a_row_whose_key_is_gone_is_refused_alone(people: People) -> None:
    sheet = received(people, *(f"{make_siret(70_050 + rank)};K{rank};;;;;" for rank in range(2)))
    sheet.rows.filter(number=2).update(sealed=b"damaged")
    import_clients.call(str(started(people, sheet).id))
    assert [(row.state, row.reason) for row in sheet.rows.all()] == [
        ("refused", "unreadable"),
        ("created", "unknown"),
    ]


def test_each_row_says_its_problems(people: People) -> None:
    new, other = make_siret(70_001), make_siret(70_002)
    sheet = received(
        people,
        f"{new};;A1;Agroalimentaire;{people.manager.email};;",
        "12345;;;;;;",
        f"{new};;;;;;",
        f"{people.client.siret};;;;;;",
        f"{other};;t0412;Inconnu;Jean Personne;;pas-un-mail",
        f"{make_siret(70_003)};;a1;;Benamara Inès;;",
    )
    found = [[trouble["code"] for trouble in problems(sheet, row)] for row in sheet.rows.all()]
    assert found == [
        [],
        ["siret_wrong"],
        ["siret_twice"],
        ["already_followed"],
        ["file_code_taken", "unknown_manager", "unknown_portfolio", "wrong_email"],
        ["file_code_twice"],
    ]
    assert [row.blocked for row in sheet.rows.all()] == [False, True, True, True, True, True]
    assert problems(sheet, sheet.rows.get(number=4))[0]["about"] == "2"
    assert not Client.objects.filter(siret=new).exists()


def test_what_needs_a_decision_waits_for_it(people: People) -> None:
    sheet = received(people, f"{make_siret(70_010)};Tôlerie;;Inconnu;Jean;;x", f"{make_siret(70_011)};;;;;;")
    first, second = sheet.rows.all()
    assert (first.blocked, first.chosen, second.chosen) == (False, False, True)
    services.choose_all(sheet=sheet, chosen=True)
    services.choose_rows(sheet=sheet, shown=[3], chosen=[])
    services.choose_manager(actor=people.actor("administrator"), sheet=sheet, manager_id=people.expert.id)
    import_clients.call(str(started(people, sheet).id))
    made = Client.objects.get(siret=make_siret(70_010))
    assert (made.name, made.manager, made.contact_email, made.portfolios.count()) == ("Tôlerie", people.expert, "", 0)
    assert not Client.objects.filter(siret=make_siret(70_011)).exists()


def test_the_import_creates_clients_with_their_dossiers(people: People) -> None:
    make_portfolio(people.firm, "Mayenne Nord")
    demo = "00001234400016"
    sheet = received(
        people,
        f"{demo};;D1;Agroalimentaire | mayenne nord;Le Goff Mathis;Ève Rault;eve@client.test",
        f"{make_siret(70_020)};;;;;;",
    )
    job = started(people, sheet)
    import_clients.call(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.share, job.error) == (JobState.DONE, 1.0, "")
    known, unknown = Client.objects.get(siret=demo), Client.objects.get(siret=make_siret(70_020))
    assert known.name
    assert known.town
    assert (known.manager, known.file_code, known.contact_email) == (people.inside, "D1", "eve@client.test")
    assert {one.name for one in known.portfolios.all()} == {"Agroalimentaire", "Mayenne Nord"}
    assert (unknown.name, unknown.to_complete, unknown.manager) == (unknown.siret, True, people.administrator)
    assert list(sheet.rows.values_list("reason", flat=True)) == ["", "unknown"]
    assert Dossier.objects.filter(client__in=[known, unknown], missions__isnull=False).count() == 2
    assert known in visible_clients(people.actor("inside"))
    entries = LogEntry.objects.filter(action="client.created", client_id__in=[known.id, unknown.id])
    assert {(one.actor_id, one.origin) for one in entries} == {(people.administrator.id, "worker")}


def test_a_company_without_a_public_name_keeps_what_is_public(people: People) -> None:
    sheet = received(people, f"{HIDDEN};;;;;;", f"{make_siret(70_025)};Tôlerie;;;;;")
    import_clients.call(str(started(people, sheet).id))
    made = Client.objects.get(siret=HIDDEN)
    assert (made.name, made.to_complete) == (HIDDEN, False)
    assert made.ape
    assert list(sheet.rows.values_list("reason", flat=True)) == ["nameless", "unknown"]


def test_a_killed_worker_s_import_is_taken_up_and_creates_nothing_twice(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = received(people, *(f"{make_siret(71_000 + rank)};C{rank};;;;;" for rank in range(30)))
    job = started(people, sheet)
    real, left = services._Importer.create, iter(range(25))

    def killed(self: services._Importer, *row: Any) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        real(self, *row)

    monkeypatch.setattr(services._Importer, "create", killed)
    monkeypatch.setattr(services, "READ_AT_ONCE", 10)
    with pytest.raises(KeyboardInterrupt):
        import_clients.call(str(job.id))
    assert Client.objects.filter(name__startswith="C").count() == 20  # the third transaction was under way
    monkeypatch.setattr(services._Importer, "create", real)
    import_clients.call(str(job.id))  # the lease still stands: nobody else takes it
    assert sheet.rows.filter(state=RowState.WAITING).count() == 10
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take_up_abandoned() == 1
    import_clients.call(str(job.id))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert Client.objects.filter(name__startswith="C").count() == 30
    assert sheet.rows.filter(state=RowState.CREATED).count() == 30


def test_a_worker_that_lost_the_job_stops(people: People) -> None:
    sheet = received(people, f"{make_siret(70_030)};;;;;;")
    job = started(people, sheet)
    held = jobs.claim(job.id)
    assert held is not None
    Job.objects.filter(id=job.id).update(tries=2)
    assert services.import_rows(held) is False
    assert not Client.objects.filter(siret=make_siret(70_030)).exists()


def test_what_changed_since_the_preview_is_told(people: People) -> None:
    sheet = received(people, f"{make_siret(70_040)};;;;;;", f"{make_siret(70_041)};;Z9;;;;")
    make_client(people.firm, people.expert, siret=make_siret(70_040))
    make_client(people.firm, people.expert, file_code="z9")
    import_clients.call(str(started(people, sheet).id))
    assert [row.reason for row in sheet.rows.all()] == ["already_followed", "file_code_taken"]


def test_rights_are_those_held_when_it_runs(people: People) -> None:
    sheet = received(people, f"{make_siret(70_050)};;;;;;")
    job = started(people, sheet)
    people.administrator.group = people.firm.groups.get(role=Role.COLLABORATOR)
    people.administrator.save()
    import_clients.call(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "not_allowed")
    assert not Client.objects.filter(siret=make_siret(70_050)).exists()


def test_a_list_is_its_owner_s(people: People) -> None:
    sheet = received(people, f"{make_siret(70_060)};;;;;;")
    for other in ("expert", "inside", "stranger"):
        with pytest.raises(Http404):
            services.access_sheet(people.actor(other), sheet.id)
    with pytest.raises(PermissionDenied):
        services.receive_sheet(actor=people.actor("expert"), file_name="x", data=csv_of("1"))


def test_once_started_nothing_changes(people: People) -> None:
    sheet = received(people, f"{make_siret(70_070)};;;;;;")
    started(people, sheet)
    for act in (
        lambda: started(people, sheet),
        lambda: services.choose_all(sheet=sheet, chosen=False),
        lambda: services.choose_rows(sheet=sheet, shown=[2], chosen=[]),
        lambda: services.delete_sheet(actor=people.actor("administrator"), sheet=sheet),
    ):
        with pytest.raises(services.AlreadyStarted):
            act()


def test_nothing_chosen_starts_nothing(people: People) -> None:
    sheet = received(people, "123;;;;;;")
    with pytest.raises(services.NothingToImport):
        started(people, sheet)
    assert not Job.objects.filter(object_id=sheet.id).exists()


def test_old_lists_are_forgotten(people: People) -> None:
    old, fresh = received(people, "1;;;;;;"), received(people, "1;;;;;;")
    ClientSheet.objects.filter(id=old.id).update(created_at=timezone.now() - timedelta(days=15))
    services.purge_sheets()
    assert list(ClientSheet.objects.all()) == [fresh]


def test_a_job_is_enqueued_once_committed(people: People, django_capture_on_commit_callbacks: object) -> None:
    sheet = received(people, f"{make_siret(70_080)};;;;;;")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        enqueue(started(people, sheet))
    assert Client.objects.filter(siret=make_siret(70_080)).exists()
