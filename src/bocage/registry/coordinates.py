"""Where a place is: degrees of WGS 84, from text or from the Lambert 93 projection of SIRENE."""

from math import atan, atan2, exp, hypot, log, pi, sin

DECIMALS = 5
"""About one metre."""
# RGF93 / Lambert 93 (EPSG:2154), parameters published by IGN; the ellipsoid is GRS 80.
_ECCENTRICITY = 0.0818191910428158
_EXPONENT = 0.7256077650532670
_CONSTANT = 11754255.426096
_X_ORIGIN, _Y_ORIGIN = 700000.0, 12655612.049876
_MERIDIAN = 3 * pi / 180
_MAINLAND = (41.0, 51.6, -5.7, 10.0)


def degrees(text: str | None) -> str | None:
    """A latitude or a longitude with five decimals at most; None when the text is no number of degrees.

    >>> degrees("43.6045339")
    '43.60453'
    """
    try:
        value = float(text or "")
    except ValueError:
        return None
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") if -180 <= value <= 180 else None


def from_lambert_93(abscissa: str | None, ordinate: str | None) -> tuple[str, str] | None:
    """Latitude and longitude of metres in Lambert 93; None when they are no place of mainland France.

    >>> from_lambert_93("700000", "6600000")  # the origin of the projection
    ('46.5', '3')
    """
    try:
        x, y = float(abscissa or "") - _X_ORIGIN, _Y_ORIGIN - float(ordinate or "")
    except ValueError:
        return None
    if not (x or y):
        return None
    longitude = _MERIDIAN + atan2(x, y) / _EXPONENT
    isometric = -log(abs(hypot(x, y) / _CONSTANT)) / _EXPONENT
    latitude = 2 * atan(exp(isometric)) - pi / 2
    for _ in range(20):
        sine = _ECCENTRICITY * sin(latitude)
        latitude = 2 * atan(((1 + sine) / (1 - sine)) ** (_ECCENTRICITY / 2) * exp(isometric)) - pi / 2
    north, east = latitude * 180 / pi, longitude * 180 / pi
    south_edge, north_edge, west_edge, east_edge = _MAINLAND
    if not (south_edge <= north <= north_edge and west_edge <= east <= east_edge):
        return None
    return degrees(f"{north}") or "", degrees(f"{east}") or ""
