"""Each rule of the method on books made for it."""

from decimal import Decimal
from pathlib import Path

import pytest

from bocage.identifiers import Naf
from bocage.indicators import carbon
from bocage.indicators.carbon import How
from bocage.tables import locked_connection
from tests.bocage.carbon.books import Entry, bought, estimated, lines

D = Decimal


@pytest.mark.parametrize(
    ("account", "account_label", "label", "category"),
    [
        ("606100", "Fournitures", "Facture EDF janvier", "electricity"),
        ("606100", "Fournitures de bureau", "Chaises", "energy_unsplit"),
        ("606100", "Eau, énergie", "Facture d’eau", "water"),  # the label of the account says two things
        ("606300", "Petit outillage électrique", "Perceuse", "goods"),
        ("625100", "Voyages", "Prestation de transport", "travel_other"),  # "station" is inside a word
        ("625100", "Voyages", "Indemnités kilométriques mars", "travel_car"),
        ("613500", "Locations", "Redevance voitures LLD", "leased_equipment"),
        ("623000", "Publicité", "Abandon de stand", "services"),  # "don" is inside a word
        ("623000", "Publicité", "Don aux pompiers", "out_of_scope"),
    ],
)
def test_words_decide_where_the_account_does_not(
    account: str, account_label: str, label: str, category: str, tmp_path: Path
) -> None:
    found = estimated(tmp_path, [bought(account, "100", account_label=account_label, label=label)])
    assert lines(found)[0].category == category


@pytest.mark.parametrize(
    ("account", "naf", "how", "branch"),
    [
        ("601000", "10.61A", How.SUPPLIER, "C10T12"),
        ("607000", "46.34Z", How.PRODUCT, "C10T12"),
        ("622600", "46.34Z", How.ACCOUNT, "M69_70"),  # a trader's goods are not a service
        ("606400", "70.10Z", How.ACCOUNT, "C17"),  # a head office says nothing
        ("622600", "69.20Z", How.SUPPLIER, "M69_70"),
        ("616000", "65.12Z", How.ACCOUNT, "K65"),  # no division is accepted there
        ("601000", "64.20Z", How.UNKNOWN, None),
        ("607000", "99.00Z", How.UNKNOWN, None),
    ],
)
def test_the_activity_of_a_supplier_speaks_where_it_may(
    account: str, naf: str, how: How, branch: str | None, tmp_path: Path
) -> None:
    found = estimated(tmp_path, [bought(account, "100")], naf={"F1": naf})
    line = lines(found)[0]
    assert (line.how, line.branch) == (how, branch)


def test_an_energy_supplier_waits_for_its_quantity_whatever_the_account(tmp_path: Path) -> None:
    goods = carbon.checked_quantity("goods", D(10), "kg", "ademe:13556", "billed")
    found = estimated(tmp_path, [bought("601000", "900")], naf={"F1": "35.14Z"}, quantities=[goods])
    line = lines(found)[0]
    assert (line.how, line.category, line.ghgp, line.kgco2e) == (How.MISSING, "energy_unsplit", None, 0)
    assert found.missing_quantities == (2,)
    rule = carbon.UserRule(supplier="F1", category="electricity")
    ruled = estimated(tmp_path / "ruled", [bought("601000", "900")], naf={"F1": "35.14Z"}, rules=[rule])
    assert (lines(ruled)[0].category, lines(ruled)[0].ghgp) == ("electricity", "2.1+3.3")


def test_subcontracting_without_a_known_supplier_is_the_client_s_own_trade(tmp_path: Path) -> None:
    entries = [bought("611000", "1000")]
    own = estimated(tmp_path, entries, options=carbon.Options(naf=Naf.parse("43.99C")))
    assert (lines(own)[0].how, own.total) == (How.OWN_TRADE, D(245))
    unknown = estimated(tmp_path / "unknown", entries)
    assert lines(unknown)[0].factor == "set:services"
    assert unknown.unknown_suppliers == {"F1": D(139)}  # (319 − 41) / 2 kg per k€


def test_acquisitions_only_and_never_their_transfers(tmp_path: Path) -> None:
    own_work: Entry = [("215000", "Machines", "", "Fabriquée", D(900)), ("722000", "Production", "", "x", D(-900))]
    transfer: Entry = [("215000", "Machines", "", "Mise en service", D(500)), ("231000", "En cours", "", "x", D(-500))]
    sold: Entry = [
        ("281500", "Amort.", "", "Cession", D(300)),
        ("675000", "VNC", "", "Cession", D(100)),
        ("215000", "Machines", "", "Cession", D(-400)),
        ("462000", "Créances", "", "Cession", D(50)),
        ("775000", "Produits", "", "Cession", D(-50)),
    ]
    found = estimated(tmp_path, [own_work, transfer, sold, bought("215000", "1000")])
    assert [(line.account, line.amount) for line in lines(found)] == [("675000", D(100)), ("215000", D(1000))]
    assert found.total == D(273)


def test_depreciation_by_asset_replaces_acquisitions(tmp_path: Path) -> None:
    charge: Entry = [
        ("681120", "Dotations", "", "Dotation", D(300)),
        ("281500", "Amort. machines", "", "Dotation", D(-200)),
        ("281830", "Amort. informatique", "", "Dotation", D(-100)),
    ]
    found = estimated(tmp_path, [charge, bought("215000", "9000")], options=carbon.Options(amortised=True))
    assert found.by_category == {"capital_equipment": D("54.6"), "capital_it": D("21.6")}
    assert found.eur_excluded == 0


def test_a_rebate_takes_the_mean_of_its_supplier_else_of_its_accounts(tmp_path: Path) -> None:
    entries = [
        bought("601000", "1000", aux="FA"),
        bought("601000", "3000", aux="FB"),
        bought("601000", "5000", aux="FX"),  # unknown branch: never in a pool
        bought("609100", "-100", aux="FA"),
        bought("609100", "-100", aux="FZ"),
        bought("629000", "-100", aux="FZ"),
    ]
    found = estimated(tmp_path, entries, naf={"FA": "10.61A", "FB": "20.13B"})
    rebates = [(line.kgco2e, line.factor, line.category, line.ghgp) for line in lines(found) if line.how is How.REBATE]
    mean = -100 * (D(540) + 3 * D(603)) / 4000
    assert rebates == [
        (D(-54), "ratio:C10T12", "goods", "3.1"),
        (mean, "mean", "goods", "3.1"),
        (D(0), "mean", "goods", "3.1"),
    ]


def test_a_quantity_takes_the_place_of_the_euros_of_its_category(tmp_path: Path) -> None:
    diesel = carbon.checked_quantity("fuel_mobile", D("0.7"), "m3", "ademe:25775", "billed")
    rail = carbon.checked_quantity("travel_rail", D(1000), "p.km", "ademe:43256", "estimated")
    entries = [
        bought("606600", "1000", account_label="Carburants"),
        bought("625100", "400", label="Billet SNCF"),
        bought("625100", "80", label="Hôtel Ibis"),
    ]
    found = estimated(tmp_path, entries, quantities=[rail, diesel])
    assert found.by_ghgp == {"1.2": D(1743), "3.3": D("426.3"), "3.6": D("22.93")}
    assert found.by_how == {How.QUANTITY: D("2172.23"), How.ACCOUNT: D(20)}
    assert found.missing_quantities == ()


@pytest.mark.parametrize(("year", "ratio_year", "kg"), [(2023, 2023, 273), (2026, 2023, 273)])
def test_the_year_of_the_ratios_is_the_nearest_published(year: int, ratio_year: int, kg: int, tmp_path: Path) -> None:
    found = estimated(tmp_path, [bought("215000", "1000")], year=year)
    assert (found.ratio_year, found.ratio_year_wanted, found.total) == (ratio_year, year, D(kg))


def test_an_absurd_amount_is_refused_and_an_unknown_account_listed(tmp_path: Path) -> None:
    with pytest.raises(carbon.AmountsTooLarge):
        estimated(tmp_path, [bought("601000", "1000000000000000")])
    unmatched: Entry = [("6ABC", "Bizarre", "", "x", D(10)), ("512000", "Banque", "", "x", D(-10))]
    line = lines(estimated(tmp_path / "odd", [unmatched]))[0]
    assert (line.how, line.reason) == (How.EXCLUDED, "unmatched")


def ruled_lines(tmp_path: Path, entries: list[Entry], *rules: carbon.UserRule) -> list[carbon.Line]:
    return lines(estimated(tmp_path, entries, rules=rules))


def test_the_most_precise_rule_of_the_user_decides_and_is_named(tmp_path: Path) -> None:
    entries = [
        bought("606300", "100", label="Vis et boulons", aux="F1"),
        bought("606300", "100", label="Vis et boulons", aux="F2"),
        bought("606300", "100", label="Papier à en-tête", aux="F2"),
        bought("606100", "100", label="Vis", aux="F2"),
    ]
    found = ruled_lines(
        tmp_path,
        entries,
        carbon.UserRule(account="606", branch="C16", id="large"),
        carbon.UserRule(account="6063", branch="C25", id="close"),
        carbon.UserRule(supplier="F1", branch="C24", id="supplier"),
        carbon.UserRule(words=("papier", "a"), branch="C17", id="words"),
    )
    assert [(line.rule, line.branch, line.how) for line in found[:3]] == [
        ("supplier", "C24", How.USER),
        ("close", "C25", How.USER),
        ("words", "C17", How.USER),
    ]
    assert (found[3].rule, found[3].how) == ("large", How.MISSING)  # a branch makes no figure of an energy


def test_words_of_a_rule_are_whole_and_follow_each_other(tmp_path: Path) -> None:
    labels = ("Bois de chauffage", "Boisson", "Chauffage bois", "BOIS DE CHÊNE", "Travaux (bois-de-coffrage)")
    entries = [bought("606300", "100", label=label) for label in labels]
    found = ruled_lines(tmp_path, entries, carbon.UserRule(words=("bois", "de"), branch="C16", id="bois"))
    assert [line.label for line in found if line.rule == "bois"] == [labels[0], labels[3], labels[4]]
    rule = carbon.UserRule(words=("boiss*",), account="6063", branch="C10T12", id="b")
    assert [line.label for line in ruled_lines(tmp_path / "stem", entries, rule) if line.rule] == ["Boisson"]


def test_the_name_of_the_supplier_is_read_too(tmp_path: Path) -> None:
    found = ruled_lines(
        tmp_path,
        [bought("606300", "100", aux="DURAND")],
        carbon.UserRule(words=("tiers", "durand"), branch="C16", id="n"),
    )
    assert found[0].rule == "n"


def test_a_rule_puts_lines_out_of_scope_and_says_so(tmp_path: Path) -> None:
    entries = [bought("606300", "100", label="Part privée"), bought("606300", "100")]
    found = estimated(tmp_path, entries, rules=[carbon.UserRule(words=("part", "privee"), excluded=True, id="p")])
    first = lines(found)[0]
    assert (first.how, first.reason, first.rule, first.kgco2e) == (How.EXCLUDED, "by_rule", "p", 0)
    assert found.eur_excluded == D(100)


def test_what_the_map_leaves_out_comes_in_by_its_account_only(tmp_path: Path) -> None:
    entries = [bought("635100", "100"), bought("699999", "100")]
    supplier = ruled_lines(tmp_path, entries, carbon.UserRule(supplier="F1", branch="C16", id="s"))
    assert [line.how for line in supplier] == [How.EXCLUDED, How.EXCLUDED]
    wide = ruled_lines(tmp_path / "wide", entries, carbon.UserRule(account="6", branch="C16", id="w"))
    assert wide[0].how is How.EXCLUDED
    named = ruled_lines(
        tmp_path / "named",
        entries,
        carbon.UserRule(account="6351", category="services", branch="N80T82", id="a"),
        carbon.UserRule(account="699999", branch="C16", id="b"),
    )
    assert [(line.rule, line.branch, line.category) for line in named] == [
        ("a", "N80T82", "services"),
        ("b", "C16", "services"),
    ]


def test_what_a_rule_would_change_is_told_line_by_line(tmp_path: Path) -> None:
    entries = [
        bought("606300", "1000", label="Bois"),
        bought("606100", "500", label="Bois"),
        bought("606300", "100", label="Autre"),
        bought("606300", "-200", label="Avoir bois"),
    ]
    rule = carbon.UserRule(words=("bois",), category="services", branch="C16", id="new")
    before = estimated(tmp_path / "before", entries)
    after = estimated(tmp_path / "after", entries, rules=[rule])
    moves = carbon.moves_between(before.lines, after.lines, rule="new")
    assert sum(move.lines for move in moves) == 3
    assert sum(move.kgco2e_after - move.kgco2e_before for move in moves) == after.total - before.total
    assert carbon.by_rule(after.lines) == {
        "new": carbon.Ruled(3, D(1300), sum(move.kgco2e_after for move in moves)),
    }
    assert carbon.by_rule(before.lines) == {}


def test_the_lines_of_an_inventory_kept_before_there_were_rules_are_read(tmp_path: Path) -> None:
    found = estimated(tmp_path, [bought("606300", "1000")])
    old = tmp_path / "old.parquet"
    with locked_connection(directories=[tmp_path]) as connection:
        connection.execute(f"COPY (SELECT * EXCLUDE rule FROM '{found.lines}') TO '{old}' (FORMAT parquet)")
    assert carbon.lines_of(old, carbon.Slice()).lines == carbon.lines_of(found.lines, carbon.Slice()).lines
    assert carbon.by_rule(old) == {}


def test_known_emissions_are_counted_as_they_are_and_only_where_one_code_holds(tmp_path: Path) -> None:
    known = carbon.checked_quantity("freight_in", D("1.5"), "tCO2e", carbon.KNOWN, "billed")
    found = estimated(tmp_path, [bought("624100", "9000")], quantities=[known])
    assert (found.total, found.by_ghgp) == (D(1500), {"3.4": D(1500)})
    assert [line.how for line in lines(found)] == [How.REPLACED, How.QUANTITY]
    assert round(found.uncertainty_pct or 0) == 5
    assert "electricity" not in carbon.known_categories()
    with pytest.raises(carbon.QuantityError, match="factor"):
        carbon.checked_quantity("electricity", D(1), "kgCO2e", carbon.KNOWN, "billed")
