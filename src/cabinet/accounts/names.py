"""How names are compared: people, companies, groups."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: how names are compared and searched."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def search_name(last_name: str, first_name: str, email: str) -> str:
    """What the search of people looks into."""
    return fold(f"{last_name} {first_name} {email}")
