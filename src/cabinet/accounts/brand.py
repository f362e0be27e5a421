"""What the printed reports of a firm wear: its name, its logo, its colours."""

from bocage.reports import Brand
from cabinet.accounts.models import Firm, FirmLogo


def brand_of(firm: Firm) -> Brand:
    """The firm's own; one query for the logo."""
    logo = FirmLogo.objects.filter(firm=firm).values_list("content", flat=True).first()
    return Brand(
        firm.name,
        logo=None if logo is None else bytes(logo),
        main_colour=firm.main_colour,
        accent_colour=firm.accent_colour,
    )
