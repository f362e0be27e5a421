"""Where each tool keeps its FEC or its DSN. A path is written only when its editor documents it."""

from dataclasses import dataclass

VARIES = (
    "Le menu change d’une version à l’autre\u00a0: cherchez «\u00a0FEC\u00a0» ou «\u00a0contrôle fiscal\u00a0» "
    "parmi les exports."
)
PAYROLL = "Menu Déclarations ou DSN\u00a0: téléchargez le fichier mensuel déposé, pas son accusé."


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, the way to its file, and what to mind. An empty path is one that nobody documents in public."""

    name: str
    path: str
    note: str = ""


ACCOUNTING: tuple[Tool, ...] = (
    Tool("ABJ", "États › Balances › Générale › état XF1FEC"),
    Tool("ACD", "", VARIES),
    Tool("Cegid Expert, Loop, Quadra", "", VARIES),
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
    Tool("Inqom", "", VARIES),
    Tool("MyUnisoft", "Tenue › Flux › Exports", "Le fichier arrive en texte."),
    Tool(
        "Odoo",
        "Comptabilité › Analyse › France › FEC",
        "Cochez «\u00a0test\u00a0»\u00a0: sans cela, Odoo verrouille l’exercice.",
    ),
    Tool("Pennylane", "", VARIES),
    Tool("Sage 100, Génération Experts, Ciel", "", VARIES),
    Tool("Sage X3", "Fonctions GESFAE et FAEINT", "L’exercice doit être clos."),
)

PAYROLL_TOOLS: tuple[Tool, ...] = (
    Tool("Cegid Quadrapaie", "", PAYROLL),
    Tool("GHS", "États › Gestion des exports › Transmettre"),
    Tool(
        "Impact Emploi",
        "Déclarations › DSN mensuelle › Fichier DSN › Générer",
        "L’outil montre où est le fichier.",
    ),
    Tool("Nibelis", "", PAYROLL),
    Tool("OpenPaye", "", PAYROLL),
    Tool("PayFit", "", PAYROLL),
    Tool("Sage One Paie", "DSN › DSN mensuelles › DSN mensuelles / PASRAU", "Fichier texte ou archive zip."),
    Tool("Sage Paie", "", PAYROLL),
    Tool("Silae", "", PAYROLL),
)
