"""The addresses of the carbon pages: what is shown is in the address, the fiscal year with it."""

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from bocage.indicators.carbon import Frame, How, Slice
from bocage.wording import has_words
from cabinet.web.dossier.frame import Head

_NAMES = {
    "post": "poste",
    "category": "categorie",
    "branch": "branche",
    "factor": "facteur",
    "how": "origine",
    "supplier": "fournisseur",
    "account": "compte",
    "rule": "regle",
    "text": "q",
}


_WORDED = (("post", "carbon_frames", "{frame}/"), ("category", "carbon", "category_"), ("branch", "branches", ""))
"""Fields that take a code: the domain of their words, and what stands before the code there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked to show. A code that does not exist is no filter.

    ``account``: the lines of an account that have no supplier; ``rule``: those that a user's rule decides.
    """

    frame: Frame = Frame.GHGP
    post: str = ""
    category: str = ""
    branch: str = ""
    factor: str = ""
    how: str = ""
    supplier: str = ""
    account: str = ""
    rule: str = ""
    text: str = ""
    lines: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether it keeps lines that no total of cells tells."""
        return bool(self.supplier or self.account or self.rule or self.text)

    def but(self, **changes: str | bool | Frame) -> "Asked":
        """The same with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are checked by replace

    @property
    def slice(self) -> Slice:
        """The lines that it keeps."""
        post = {self.frame.value if self.frame is not Frame.BILAN_CARBONE else "sub_post": self.post or None}
        return Slice(
            **post,
            category=self.category or None,
            branch=self.branch or None,
            factor=self.factor or None,
            supplier=self.supplier or None,
            account=self.account or None,
            rule=self.rule or None,
            no_supplier=bool(self.account),
            hows=(How(self.how),) if self.how else (),
            text=self.text,
        )


def asked_of(query: QueryDict) -> Asked:
    """What the address asks for."""
    given = {field: query.get(name, "").strip()[:255] for field, name in _NAMES.items()}
    frame, how = query.get("cadre", ""), given.pop("how")
    frame = frame if frame in set(Frame) else Frame.GHGP.value
    for field, domain, start in _WORDED:
        if not has_words(domain, start.format(frame=frame) + given[field]):
            given[field] = ""
    return Asked(
        frame=Frame(frame),
        how=how if how in set(How) else "",
        lines=query.get("vue") == "lignes",
        **given,
    )


def address(head: Head, route: str, asked: Asked | None = None) -> str:
    """The page of a route that shows what is asked, in the same fiscal year."""
    query: dict[str, str] = {"exercice": str(head.year.id)} if head.query and head.year else {}
    if asked is not None:
        if asked.frame is not Frame.GHGP:
            query["cadre"] = asked.frame.value
        query |= {_NAMES[field.name]: value for field in fields(asked) if (value := _text(asked, field.name))}
        if asked.lines:
            query["vue"] = "lignes"
    here = reverse(route, args=[head.client.id])
    return f"{here}?{urlencode(query)}" if query else here


def _text(asked: Asked, name: str) -> str:
    return str(getattr(asked, name)) if name in _NAMES else ""


PREFILLED = {"supplier": "fournisseur", "account": "compte", "words": "mots", "target": "cible"}
"""Fields of a user's rule, and how an address fills them in."""


def rule_url(head: Head, **given: str | None) -> str:
    """« Classer autrement », prefilled; empty for who may not change figures."""
    if not head.rights.figures:
        return ""
    query = {"exercice": str(head.year.id)} if head.query and head.year else {}
    query |= {PREFILLED[name]: value for name, value in given.items() if value}
    here = reverse("carbon_rule", args=[head.client.id])
    return f"{here}?{urlencode(query)}" if query else here
