"""Controls that read one value: identity, address, e-mail, contract number, keys, external tables at hand.

The character table of identities is not published as text: characters that it may forbid are left alone.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from bocage import referentials
from bocage.formats.dsn.controls.base import DAYS, codes, full_code, full_id
from bocage.identifiers.company import LA_POSTE, luhn_ok

type ValueTest = Callable[[str], bool]

_CIVILITY = re.compile(r"(?:M|MME|MONSIEUR|MADAME) ", re.IGNORECASE)
_ADJOINING = re.compile(r"[ '\-]{2}")
_DOUBLE_HYPHEN = re.compile(r"(?<![ '\-])--(?![ \-])")


def identity(value: str) -> bool:
    """IDENT: letters, blank, hyphen, apostrophe, none adjoining; no civility."""
    return name_of_contact(value) and _CIVILITY.match(value) is None


def family_name(value: str) -> bool:
    """IDENT of a family name: one double hyphen is accepted."""
    return identity(_DOUBLE_HYPHEN.sub("-", value, count=1))


def name_of_contact(value: str) -> bool:
    """IDENT without the ban on civilities."""
    return value[0] not in "- " and value[-1] not in "-' " and _ADJOINING.search(value) is None


_ADDRESS_ENDS = "' -."
_ADDRESS_PAIR = re.compile(r"[' \-.]{2}")


def address(value: str) -> bool:
    """ADDR: apostrophe, blank, hyphen, full stop neither first nor last, nor adjoining but for full stop then blank."""
    if not value or value[0] in _ADDRESS_ENDS or value[-1] in _ADDRESS_ENDS:
        return False
    return _ADDRESS_PAIR.search(value.replace(". ", "_")) is None


_MAIL = re.compile(r"[A-Za-z0-9.\-_@]+")
_DOMAIN_POINT = re.compile(r"[A-Za-z0-9]\.[A-Za-z0-9]")


def _mail(value: str) -> bool:
    local, at, domain = value.partition("@")
    if not (at and local and domain) or "@" in domain or _MAIL.fullmatch(value) is None:
        return False
    ends = ".-_"
    if local[0] in ends or local[-1] in ends or domain[0] in ends or domain[-1] in ends:
        return False
    return _DOMAIN_POINT.search(domain) is not None and "_" not in domain


def mail_of_contact(value: str) -> bool:
    """MAIL, variant A: no two of . - _ in a row."""
    return _mail(value) and re.search(r"[.\-_]{2}", value) is None


def mail_of_person(value: str) -> bool:
    """MAIL, variant B: no two full stops in a row."""
    return _mail(value) and ".." not in value


_CONTRACT_NUMBER = re.compile(r"[A-Za-z0-9\-. @/_àéèêëïôç]+")


def contract_number(value: str) -> bool:
    """NUMC: letters, digits, hyphen, blank, full stop, @, /, _ and some accents; no blank at the ends."""
    return _CONTRACT_NUMBER.fullmatch(value) is not None and value == value.strip(" ")


def siren_key(value: str) -> bool:
    """Luhn over the nine digits. A value that is not digits is for the format control."""
    return not (value.isascii() and value.isdigit()) or luhn_ok(value)


def siren_key_of_siret(value: str) -> bool:
    """Luhn over the first nine digits of a SIRET."""
    return siren_key(value[:9])


def siret_key(value: str) -> bool:
    """Luhn over the fourteen digits; La Poste's own rule for its establishments."""
    if not (value.isascii() and value.isdigit()) or luhn_ok(value):
        return True
    return value.startswith(LA_POSTE) and sum(map(int, value)) % 5 == 0


def iban(value: str) -> bool:
    """ISO 7064 mod 97-10."""
    if not (value.isascii() and value.isalnum() and len(value) > 4):
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


_RIB = re.compile(r"(\d{5})(\d{5})([0-9A-Z]{11})(\d{2})", re.ASCII)
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_RIB_COUNTRIES = frozenset({"FR", "MC"})


def national_account(value: str) -> bool:
    """The RIB key inside a French or Monegasque IBAN; the key rules of other countries are not checked."""
    if value[:2] not in _RIB_COUNTRIES:
        return True
    found = _RIB.fullmatch(value[4:])
    if found is None:
        return False
    bank, branch, account, key = found.groups()
    number = 89 * int(bank) + 15 * int(branch) + 3 * int(account.translate(_RIB_LETTERS))
    return 97 - number % 97 == int(key)


def birth_date(value: str) -> bool:
    """A day of the calendar; day and month may be 99 (00 since P26), that is unknown."""
    unknown = ("99", "00")
    day, month, year = value[:2], value[2:4], value[4:]
    if month in unknown:
        return day in unknown or (day.isdigit() and 1 <= int(day) <= 31)
    if day in unknown:
        return month.isdigit() and 1 <= int(month) <= 12
    return DAYS[f"{day}{month}{year}"] is not None


def calendar_date(value: str) -> bool:
    """A day of the calendar."""
    return DAYS[value] is not None


_TRIPLE = re.compile(r"([^0-9iI])\1\1")


def job_label(value: str) -> bool:
    """No character three times in a row, digits and i aside; begins with a letter or a digit."""
    return value[:1].isalnum() and _TRIPLE.search(value) is None and "iiii" not in value.lower()


def starts_with_sex(value: str) -> bool:
    """A provisional number begins with 1 or 2."""
    return value[:1] in ("1", "2")


def no_space(value: str) -> bool:
    """No blank inside."""
    return " " not in value


def not_all_nines(value: str) -> bool:
    """The fictitious NIR made of nines is refused."""
    return value not in ("1999999999999", "2999999999999")


def few_final_nines(value: str) -> bool:
    """At most five 9 in a row at the end."""
    return not value.endswith("999999")


_ACTIVITIES = Path(referentials.__file__).parent / "naf" / "naf_rev2.csv"


@cache
def _activities() -> frozenset[str]:
    """NAF rev. 2 sub-classes as a DSN writes them, without a point."""
    rows = _ACTIVITIES.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(row.split(",", 1)[0].replace(".", "").strip('"') for row in rows)


def activity(value: str) -> bool:
    """A sub-class of the NAF."""
    return value in _activities()


_COUNTRIES = codes(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
"""ISO 3166-1 alpha-2, and XK (Kosovo)."""

_FORMER_COUNTRIES = codes("AN BU CS DD SU TP YU ZR")
"""Codes withdrawn since: a person may be born there."""


def country(value: str) -> bool:
    """A country of birth: ISO code, or 99 when unknown."""
    return value in _COUNTRIES or value in _FORMER_COUNTRIES or value == "99"


def country_abroad(value: str) -> bool:
    """A country outside the French postal system."""
    return value in _COUNTRIES and value != "FR"


_LEAVE_FUNDS = codes("01-37")


def leave_fund(value: str) -> bool:
    """First two characters: a paid-leave fund."""
    return value[:2] in _LEAVE_FUNDS or value[:2] == "99"


_TESTS: Mapping[ValueTest, str] = {
    siren_key: "S10.01.001/CSL-11 06.001/CSL-11 S89.32.004/CSL-12",
    siren_key_of_siret: "41.012/CSL-11 45.001/CSL-11",
    siret_key: "S20.05.012/CSL-12 41.012/CSL-12 45.001/CSL-12",
    name_of_contact: "S10.02.002/CSL-11",
    mail_of_contact: "S10.02.004/CSL-11 S20.07.003/CSL-11",
    mail_of_person: "30.018/CSL-11 S89.91.015/CSL-11",
    identity: "S20.07.001/CSL-11 30.003/CSL-11 30.004/CSL-11 31.010/CSL-11 S89.32.002/CSL-11 S89.32.003/CSL-11 "
    "S89.91.003/CSL-11 S89.91.004/CSL-11",
    family_name: "30.002/CSL-11 31.009/CSL-11 S89.91.002/CSL-11",
    address: "30.007/CSL-11",
    contract_number: "34.002/CSL-11 40.009/CSL-11 51.010/CSL-11 52.006/CSL-11 54.005/CSL-14 86.005/CSL-11",
    iban: "12.003/CSL-11 20.004/CSL-11",
    national_account: "12.003/CSL-12 20.004/CSL-13",
    birth_date: "30.006/CSL-11 31.011/CSL-11 S89.91.006/CSL-11",
    calendar_date: "S89.87.005/CSL-12 S89.87.006/CSL-12 S89.89.005/CSL-11",
    job_label: "40.006/CSL-11",
    starts_with_sex: "30.020/CSL-11 S89.67.002/CSL-11 S89.87.008/CSL-11 S89.88.009/CSL-11 S89.89.008/CSL-11 "
    "S89.91.021/CSL-11",
    no_space: "30.020/CSL-12 S89.67.002/CSL-12 S89.87.008/CSL-12 S89.88.009/CSL-12 S89.89.008/CSL-12 S89.91.021/CSL-15",
    not_all_nines: "30.001/CCH-13 S89.67.001/CCH-12 S89.87.007/CCH-12 S89.88.008/CCH-12 S89.89.007/CCH-12 "
    "S89.91.001/CCH-12",
    few_final_nines: "30.001/CCH-16 73.007/CCH-12 S89.67.001/CCH-15 S89.87.007/CCH-15 S89.88.008/CCH-15 "
    "S89.89.007/CCH-15 S89.91.001/CCH-15",
    activity: "06.003/CRE-11 11.002/CRE-11 85.002/CRE-11",
    country: "30.015/CRE-11 S89.91.020/CRE-11",
    country_abroad: "S10.01.007/CRE-11 06.010/CRE-11 11.015/CRE-11 30.011/CRE-11 85.006/CRE-11 S89.32.013/CRE-11 "
    "S89.91.011/CRE-11",
    leave_fund: "40.022/CRE-11 41.023/CRE-11",
}


_FOR_CHANGES_ONLY = {
    "40.005/CCH-21": "999999",
    "40.022/CCH-11": "99",
    "40.041/CCH-11": "ZZZ",
    "40.057/CCH-12": "ZZ9",
    "40.060/CCH-12": "ZZ9",
    "40.061/CCH-12": "ZZ9",
    "40.063/CCH-12": "ZZ9",
    "40.064/CCH-12": "ZZ9",
    "40.065/CCH-12": "ZZ9",
    "40.069/CCH-11": "ZZZ",
    "40.071/CCH-11": "000",
    "40.079/CCH-11": "99999",
    "40.080/CCH-12": "999",
    "40.081/CCH-11": "999999999",
}
"""Values that mean « there was none » in block 41, and nothing in block 40."""


def _other_than(reserved: str) -> ValueTest:
    return lambda value: value != reserved


@cache
def value_controls() -> Mapping[str, tuple[tuple[str, ValueTest], ...]]:
    """Rubrique → the controls that read its value alone, with their official ids."""
    found: dict[str, tuple[tuple[str, ValueTest], ...]] = {}
    tests = [(short, test) for test, ids in _TESTS.items() for short in ids.split()]
    tests += [(short, _other_than(reserved)) for short, reserved in _FOR_CHANGES_ONLY.items()]
    for short, test in tests:
        code = full_code(short.partition("/")[0])
        found[code] = (*found.get(code, ()), (full_id(short), test))
    return found
