"""The e-mail that asks a supplier for its data: no amount, no other supplier, nothing of the payroll."""

from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from cabinet.carbon.models import SupplierIdentity, SupplierSpend, SupplierState
from cabinet.clients.models import FiscalYear
from cabinet.web.components.formats import day
from cabinet.web.dossier.frame import Head


@dataclass(frozen=True, slots=True)
class Letter:
    """What the template draws."""

    supplier: str
    subject: str
    text: str
    mail_url: str
    back_url: str


def letter_to(head: Head, year: FiscalYear, spend: SupplierSpend) -> Letter:
    """The letter of a year to a supplier of its books."""
    client, firm = head.client.name, head.client.firm.name
    known = SupplierIdentity.objects.filter(
        client=head.client, key=spend.key, state=SupplierState.CONFIRMED, naf__gt=""
    ).exists()
    asked = [
        *([] if known else ["votre numéro SIREN et votre code d’activité (NAF) ;"]),
        "ce que vous nous avez fourni, par produit ou prestation, en quantités (kilos, litres, kilomètres, heures) ;",
        "si vous les connaissez, les émissions de chacun, en kg de CO2 équivalent, avec la méthode ou un document.",
    ]
    subject = f"Vos données carbone pour {client}"
    text = "\n".join(
        (
            "Bonjour,",
            "",
            f"{client} mesure son empreinte carbone avec l’aide de son cabinet comptable, {firm}. "
            "Ce que nous vous achetons y compte, et nous préférons "
            "le décrire avec vos chiffres plutôt qu’avec des moyennes.",
            "",
            f"Pour la période du {day(year.start)} au {day(year.end)}, pourriez-vous nous dire :",
            *(f"- {one}" for one in asked),
            "",
            "Une réponse partielle nous aide déjà, et rien n’est à refaire de votre côté : "
            "un export ou un récapitulatif suffit. Si une autre personne suit ces questions chez vous, son "
            "nom nous rendra service.",
            "",
            "Merci de votre aide,",
            f"{client}",
        )
    )
    return Letter(
        supplier=spend.name or spend.key,
        subject=subject,
        text=text,
        mail_url=f"mailto:?subject={quote(subject)}&body={quote(text.replace(chr(10), chr(13) + chr(10)))}",
        back_url=f"{reverse('carbon', args=[head.client.id])}{head.query}#demander",
    )
