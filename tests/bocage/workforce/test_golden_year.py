"""The synthetic year against figures computed from its scenario, and again from an independent reading."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bocage.formats.base import FileSource
from bocage.identifiers import Period
from bocage.indicators.result import Result, Status
from bocage.indicators.workforce import assemble, compute, coverage, headcount_by_month
from bocage.indicators.workforce.safety import absences, read_stops
from bocage.ingest.dsn import write_facts
from tests.bocage.workforce.payslips import KEY

SAMPLES = Path(__file__).parents[2] / "data" / "dsn"
YEAR = Period.year(2025)
JULY = "variantes/mensuelle_2025-07_P25_etab1_annule_remplace.dsn"

type Facts = list[dict[str, Path]]


def _facts(folder: Path, *more: str) -> Facts:
    files = [*sorted((SAMPLES / "annee").glob("*.dsn")), *(SAMPLES / name for name in more)]
    return [write_facts([FileSource(path) for path in files], folder, pseudonym_key=KEY).tables]


def _by_code(facts: Facts) -> dict[str, Result]:
    return {result.code: result for result in compute(facts, YEAR)}


@pytest.fixture(scope="module", params=["valeurs", "avec_annule_remplace_juillet"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Facts, dict[str, Any]]:
    expected = json.loads((SAMPLES / "expected.json").read_text("utf-8"))[request.param]
    more = [JULY] if request.param != "valeurs" else []
    return _facts(tmp_path_factory.mktemp("facts"), *more), expected


def test_every_value_of_the_scenario_is_found(year: tuple[Facts, dict[str, Any]]) -> None:
    facts, expected = year
    present, moves = expected["presents_3112"], expected["mouvements"]
    safety, pay = expected["sante_securite"], expected["remuneration"]
    values = {code: result.value for code, result in _by_code(facts).items()}
    wanted = {
        "headcount_year_end": present["total"],
        "headcount_average": expected["effectif_moyen"],
        "headcount_r130_1": expected["effectif_L130_1_annuel_tronque"],
        "fte_year_end": present["etp"],
        "part_time_share": 11.76,
        "fixed_term_share": 11.76,
        "entries": moves["entrees"],
        "exits": moves["sorties"],
        "turnover_vsme": moves["taux_rotation_VSME"],
        "turnover_fr": moves["turnover_FR_demi_somme"],
        "hours_paid": safety["heures_remunerees"],
        "absence_days": sum(safety["jours_par_motif"][motive] for motive in ("01", "04", "06")),
        "absenteeism": safety["absenteisme_01_04_05_06_pct"],
        "accidents_with_stop": safety["AT_06_accidents_distincts"],
        "accident_rate_vsme": safety["taux_VSME_200000"],
        "frequency_rate": safety["TF_1e6"],
        "severity_rate": safety["TG_1000"],
        "pay_gap_mean": pay["ecart_moyen_pct"],
        "pay_gap_median": pay["ecart_median_pct"],
        "minimum_wage_compliance": not expected["sous_SMIC_mois_personne"],
        "collective_agreement_coverage": expected["couverture_CC_pct"],
        "apprentices": present["apprentis"],
        "disabled_workers": present["boeth"],
    }
    found = {code: values[code] for code in wanted}
    assert found == {code: value if isinstance(value, bool) else Decimal(str(value)) for code, value in wanted.items()}


def test_breakdowns_and_variants(year: tuple[Facts, dict[str, Any]]) -> None:
    facts, expected = year
    results = _by_code(facts)
    parts = {tuple(part.by.items()): part.value for result in results.values() for part in result.breakdown}
    legal = [part.value for part in results["headcount_r130_1"].breakdown]
    assert legal == [Decimal(str(value)) for value in expected["effectif_L130_1_mensuel"]]
    by = {next(iter(part.by.items())): part.value for part in results["headcount_year_end"].breakdown}
    assert (by["sex", "F"], by["sex", "M"]) == (8, 9)
    assert (by["contract", "permanent"], by["contract", "temporary"]) == (15, 2)
    assert parts[(("counted", "vsme"),)] == expected["mouvements"]["sorties_VSME_182"]
    assert parts[(("variant", "all_exits"),)] == Decimal(str(expected["mouvements"]["taux_rotation_toutes_sorties"]))
    assert [part.value for part in results["managers_female_to_male"].breakdown] == [2, 2]
    assert [part.value for part in results["pay_gap_mean"].breakdown][:2] == expected["remuneration"]["n_F_H"]


def test_absences_by_motive_are_exact_behind_what_is_hidden(year: tuple[Facts, dict[str, Any]]) -> None:
    facts, expected = year
    with assemble(facts, YEAR) as workforce:
        read_stops(workforce.connection, YEAR)
        lost = {absence.motive: absence.days for absence in absences(workforce.connection)}
    assert lost == expected["sante_securite"]["jours_par_motif"]
    shown = {part.by["motif"]: part.value for part in _by_code(facts)["absence_days"].breakdown}
    assert shown == dict.fromkeys(lost)


def test_headcount_by_month(year: tuple[Facts, dict[str, Any]]) -> None:
    facts, expected = year
    counts = headcount_by_month(facts, YEAR)
    assert [count.total for count in counts] == expected["effectif_fins_de_mois"]
    assert all(count.women + count.men == count.permanent + count.temporary == count.total for count in counts)
    assert counts[0].month == "2025-01"
    assert coverage(facts, YEAR).complete


def test_signals_date_the_accidents(tmp_path: Path) -> None:
    without = _by_code(_facts(tmp_path / "a"))["accidents_with_stop"]
    with_signal = _by_code(_facts(tmp_path / "b", "signalements/signal04_arret_AT_P25.dsn"))["accidents_with_stop"]
    assert (without.value, without.status, without.reason) == (2, Status.PARTIAL, "stops_counted")
    assert (with_signal.value, with_signal.status, with_signal.reason) == (2, Status.COMPUTED, None)


def test_a_change_of_quota_in_the_month_counts_by_day(tmp_path: Path) -> None:
    name = "variantes/mensuelle_2025-08_P25_etab1_changement_quotite.dsn"
    usual = _by_code(_facts(tmp_path / "a"))["headcount_r130_1"].breakdown[7].value
    changed = _by_code(_facts(tmp_path / "b", name))["headcount_r130_1"].breakdown[7].value
    assert isinstance(usual, Decimal)
    assert isinstance(changed, Decimal)
    # One person at (14 × 1 + 17 × 0.8) / 31 instead of 0.8 for the whole month.
    share = (Decimal(14) + 17 * (Decimal("121.34") / Decimal("151.67"))) / 31 - Decimal("121.34") / Decimal("151.67")
    assert abs(changed - usual - share) < Decimal("0.0001")


def test_neighbouring_months_do_not_move_the_year(tmp_path: Path) -> None:
    neighbours = [f"voisins/{path.name}" for path in sorted((SAMPLES / "voisins").glob("*.dsn"))]
    assert _by_code(_facts(tmp_path / "a")) == _by_code(_facts(tmp_path / "b", *neighbours))


@pytest.mark.parametrize("name", ["sans_guillemets.dsn", "utf8_bom.dsn", "enrichi.dsn", "archive.zip"])
def test_tolerated_files_hold_the_same_facts(tmp_path: Path, name: str) -> None:
    expected = json.loads((SAMPLES / "expected_tolerant.json").read_text("utf-8"))["facts"]
    imported = write_facts([FileSource(SAMPLES / "tolerant" / name)], tmp_path, pseudonym_key=KEY)
    (read,) = imported.declarations
    assert (read.individuals, read.contracts) == (expected["individus"], expected["contrats"])
    march = Period(YEAR.start.replace(month=3), YEAR.start.replace(month=3, day=31))
    with assemble([imported.tables], march) as workforce:
        gross = workforce.connection.execute("SELECT sum(amount) FROM facts_pay WHERE kind = '001'").fetchall()[0][0]
        hours = workforce.connection.execute(
            "SELECT sum(quantity) FROM facts_hours WHERE kind = '01' AND unit <> '40'"
        ).fetchall()[0][0]
    assert (gross, hours) == (
        Decimal(str(expected["somme_51_001"])),
        Decimal(str(expected["somme_53_01_hors_unite_40"])),
    )
