"""The French of acts on many clients."""

from dataclasses import dataclass

from cabinet.accounts.actors import Actor
from cabinet.clients.bulk import NEEDS, Act, Left
from cabinet.web.components.formats import plural

CHOICES: dict[Act, str] = {
    Act.JOIN: "Ajouter à un portefeuille",
    Act.LEAVE: "Retirer d’un portefeuille",
    Act.HAND_OVER: "Changer de responsable",
    Act.DEACTIVATE: "Désactiver",
    Act.REACTIVATE: "Réactiver",
}

_TITLES = {
    Act.JOIN: "Ajouter {} à un portefeuille",
    Act.LEAVE: "Retirer {} d’un portefeuille",
    Act.HAND_OVER: "Confier {} à un autre responsable",
    Act.DEACTIVATE: "Désactiver {}",
    Act.REACTIVATE: "Réactiver {}",
}

WHAT: dict[Act, str] = {
    Act.JOIN: "Ceux qui font partie du portefeuille verront ces clients.",
    Act.LEAVE: "Ceux qui ne voient ces clients que par ce portefeuille ne les verront plus. Les dossiers restent.",
    Act.HAND_OVER: "L’ancien responsable ne voit plus les clients qu’il n’atteint par aucun portefeuille.",
    Act.DEACTIVATE: "Chaque dossier devient consultable seulement et quitte la liste. Rien n’est perdu.",
    Act.REACTIVATE: "Chaque dossier revient dans la liste et peut de nouveau être modifié.",
}

DONE: dict[Act, tuple[str, str]] = {
    Act.JOIN: ("client ajouté à {}", "clients ajoutés à {}"),
    Act.LEAVE: ("client retiré de {}", "clients retirés de {}"),
    Act.HAND_OVER: ("client confié à {}", "clients confiés à {}"),
    Act.DEACTIVATE: ("client désactivé", "clients désactivés"),
    Act.REACTIVATE: ("client réactivé", "clients réactivés"),
}

_ALREADY = {
    Act.JOIN: ("y est déjà", "y sont déjà"),
    Act.LEAVE: ("n’y est pas", "n’y sont pas"),
    Act.HAND_OVER: ("lui est déjà confié", "lui sont déjà confiés"),
    Act.DEACTIVATE: ("l’est déjà", "le sont déjà"),
    Act.REACTIVATE: ("est déjà suivi", "sont déjà suivis"),
}


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """An act that the toolbar offers."""

    value: str
    label: str


def choices_for(actor: Actor) -> tuple[BulkChoice, ...]:
    """Those that the actor has the permission for."""
    return tuple(BulkChoice(act.value, label) for act, label in CHOICES.items() if actor.can(NEEDS[act]))


def title_of(act: Act, count: int) -> str:
    """``Désactiver 312 clients``."""
    return _TITLES[act].format(plural(count, "client"))


def why_left(act: Act, reason: Left, count: int) -> str:
    """``2 clients le sont déjà.``"""
    one, many = {
        Left.ALREADY: _ALREADY[act],
        Left.INACTIVE: ("est désactivé\u00a0: réactivez-le d’abord", "sont désactivés\u00a0: réactivez-les d’abord"),
        Left.INVISIBLE: ("sortirait de votre vue", "sortiraient de votre vue"),
    }[reason]
    return f"{plural(count, 'client')} {one if count == 1 else many}."
