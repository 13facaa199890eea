"""Purposes: an indicator is computed only for what the region has agreed on; else the catalogue says why it is not there."""

from collections.abc import Sequence

from pipelines.indicators.model import Indicator

PURPOSES = {
    "trend": "ontwikkelingen volgen",
    "steering": "sturen",
    "person_approach": "de persoonsgebonden aanpak volgen",
    "quality": "de kwaliteit van gegevens bewaken",
}
"""Every purpose that an indicator may have, in Dutch; `purposes` in the settings allows them."""


def allowed(catalogue: Sequence[Indicator], purposes: Sequence[str]) -> tuple[Indicator, ...]:
    """The indicators whose purpose this region's agreement allows; the others are not computed."""
    return tuple(indicator for indicator in catalogue if indicator.purpose in purposes)


def explain_purpose(indicator: Indicator, purposes: Sequence[str]) -> str | None:
    """Why an indicator was not computed, in a sentence for the catalogue; None when its purpose is allowed."""
    if indicator.purpose in purposes:
        return None
    aim = PURPOSES.get(indicator.purpose, indicator.purpose)
    return f"Niet berekend: voor het doel '{aim}' is er in deze regio geen afspraak."
