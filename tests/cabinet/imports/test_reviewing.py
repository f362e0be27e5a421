"""The DSN of a client looked at together: kept once accepted, made again when a file comes or goes, naming nobody."""

from typing import Any

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.imports import services
from cabinet.imports.models import DsnReview, Import
from cabinet.imports.reviewing import findings_between_months
from tests.bocage.dsn_together.troubled import CASES, SECRETS, troubled_year
from tests.bocage.workforce.payslips import Person, declaration
from tests.cabinet.imports.samples import Deliver


def test_every_trouble_of_a_year_is_kept(company: Client, deliver: Deliver) -> None:
    imported = {name: deliver(company, name, content) for name, content in troubled_year()}
    found = findings_between_months(company)
    assert {case for case in CASES if not any(case[0] == one.code and case[1] in one.message for one in found)} == set()
    gone = next(one for one in found if one.code == "INT-CONTRAT" and one.months[0].month == 5)
    # Lines are those of the last file named, where the contract stood last: the replacement of April.
    assert gone.import_ids == (imported["05.dsn"].id, imported["04.dsn"].id)
    assert gone.places[0].rubrique == "S21.G00.40.009"
    kept = str(DsnReview.objects.get().findings)
    assert not [secret for secret in SECRETS if secret in kept]


def test_a_file_that_comes_or_goes_changes_what_is_kept(company: Client, deliver: Deliver, committed: Any) -> None:
    for month in (1, 3):
        deliver(company, f"{month}.dsn", declaration(f"2025-{month:02d}", [Person()]))
    assert [one.code for one in findings_between_months(company)] == ["INT-MOIS"]
    february = deliver(company, "2.dsn", declaration("2025-02", [Person()]))
    assert findings_between_months(company) == []
    with committed():
        services.delete(actor=operator(company.firm), imported=february)
    assert [one.code for one in findings_between_months(company)] == ["INT-MOIS"]
    with committed():
        for imported in Import.objects.filter(client=company, state="accepted"):
            services.delete(actor=operator(company.firm), imported=imported)
    assert not DsnReview.objects.exists()
