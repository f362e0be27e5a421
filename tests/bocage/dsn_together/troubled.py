"""A year of DSN in which every control between months finds something."""

from tests.bocage.workforce.payslips import ANNEX, Contract, Person, declaration

OTHER = Person("2790301999002", birth="14031979")
THIRD = "00032"
"""A third établissement, large enough for its headcount to jump."""
SECRETS = ("1680301999001", "2790301999002", "TESTAROL", "14031968")


def _sexed(content: bytes) -> bytes:
    """The same declaration, its first person a man by a rubrique that says so."""
    return content.replace(b"S21.G00.30.006", b"S21.G00.30.005,'01'\r\nS21.G00.30.006", 1)


def _team(count: int) -> list[Person]:
    return [Person(f"18003019991{rank:02d}", birth="14031980") for rank in range(count)]


def troubled_year() -> list[tuple[str, bytes]]:
    """(file name, content), in no order that matters."""
    leaver, moved = "1810301999003", "1820301999004"
    stop = Contract().stopped("2025-01-06", "2025-01-20")

    def story(contract: Contract) -> Person:
        return Person(contracts=[contract])

    january = [OTHER, story(stop), Person(leaver, [Contract().ended("2025-01-20")]), Person(moved, [Contract()])]
    february = [OTHER, story(Contract()), Person(leaver, [Contract()]), Person(moved, [Contract("2020-02-01")])]
    march = [OTHER, story(Contract(quota="121.34")), Person(moved, [Contract("2020-02-01")])]
    renamed = Contract(number="00002", quota="121.34")
    april = [OTHER, Person(contracts=[renamed], birth="15031968"), Person(moved, [Contract("2020-02-01")])]
    ntt = Person(nir=None, ntt="1000012344M00021", birth="05051990")
    files = [
        declaration("2025-01", january),
        declaration("2025-02", february),
        declaration("2025-03", march),
        declaration("2025-04", [OTHER, story(renamed)]),
        declaration("2025-04", april, kind="03", built="2025-05-02"),
        _sexed(declaration("2025-05", [OTHER], ordre=2, built="2025-06-03")),
        declaration("2025-05", [OTHER], built="2025-06-02"),
        declaration("2025-02", [ntt], nic=ANNEX, fraction="12"),
        *(declaration(month, [ntt], nic=ANNEX) for month in ("2025-01", "2025-03", "2025-05")),
        *(declaration(f"2025-{month:02d}", _team(10 if month == 4 else 6), nic=THIRD) for month in (1, 2, 3, 4)),
        declaration("2025-01", [Person(contracts=[stop])], nature="04", built="2025-01-08"),
        declaration("2025-03", [OTHER], nature="07", built="2025-03-08"),
        declaration("2025-04", [Person(moved, [Contract("2020-02-01").stopped("2025-04-07", "2025-04-11")])],
                    nature="04", built="2025-04-09"),
    ]  # fmt: skip
    return [(f"{rank:02d}.dsn", content) for rank, content in enumerate(files)]


CASES = {
    ("INT-MOIS", "DSN absente"),
    ("INT-DOUBLE", "deux déclarations normales"),
    ("INT-FRAC", "fraction 2 absente"),
    ("INT-CONTRAT", "a disparu sans fin"),
    ("INT-IDENT", "date de début d’un contrat change"),
    ("INT-IDENT", "numéro d’un contrat change"),
    ("INT-IDENT", "le sexe d’une personne"),
    ("INT-IDENT", "date de naissance d’une personne"),
    ("INT-IDENT", "numéro provisoire"),
    ("INT-ARRET", "échu sans reprise"),
    ("INT-ARRET", "absent de la DSN mensuelle"),
    ("INT-FIN", "postérieure à la fin"),
    ("INT-FIN", "pas de signalement"),
    ("INT-SAUT", "l’effectif varie"),
    ("INT-QUOT", "quotité de travail change"),
}
"""What must be found: code, and words of the sentence."""
