"""Where each tool keeps its FEC or its DSN. A path is written only when its editor documents it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, the way to its file, and what to mind. An empty path is one that nobody documents in public."""

    name: str
    path: str
    note: str = ""


ACCOUNTING: tuple[Tool, ...] = (
    Tool("ABJ", "États › Balances › Générale › état XF1FEC"),
    Tool(
        "EBP",
        "Export Comptabilité informatisée FEC › paramètres › période › Exporter",
        "Validez les écritures avant d’exporter.",
    ),
    Tool(
        "EBP Compta Open Line",
        "Exercices/clôtures › Historique FEC › Export Comptabilité informatisée FEC",
        "Cet export est définitif\u00a0: préférez l’export provisoire s’il est proposé.",
    ),
    Tool("MyUnisoft", "Tenue › Flux › Exports", "Le fichier arrive en texte."),
    Tool(
        "Odoo",
        "Comptabilité › Analyse › France › FEC",
        "Cochez «\u00a0test\u00a0»\u00a0: sans cela, Odoo verrouille l’exercice.",
    ),
    Tool("Sage X3", "Fonctions GESFAE et FAEINT", "L’exercice doit être clos."),
    Tool(
        "ACD, Cegid (Expert, Loop, Quadra), Ciel, Inqom, Pennylane, Sage (100, Génération Experts)",
        "",
        "Le menu change d’une version à l’autre\u00a0: cherchez «\u00a0FEC\u00a0» ou "
        "«\u00a0contrôle fiscal\u00a0» parmi les exports.",
    ),
)

PAYROLL_TOOLS: tuple[Tool, ...] = (
    Tool("GHS", "États › Gestion des exports › Transmettre"),
    Tool("Impact Emploi", "Déclarations › DSN mensuelle › Fichier DSN › Générer", "L’outil montre où est le fichier."),
    Tool("Sage One Paie", "DSN › DSN mensuelles › DSN mensuelles / PASRAU", "Fichier texte ou archive zip."),
    Tool(
        "Cegid Quadrapaie, Nibelis, OpenPaye, PayFit, Sage Paie, Silae",
        "",
        "Dans le menu Déclarations ou DSN, téléchargez le fichier mensuel déposé, et non son accusé.",
    ),
)
