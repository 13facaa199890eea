"""Which region, which folders, which rule: read once, then frozen.

Values come from `jeugdbeeld.toml` beside the project, from JEUGDBEELD_* in the environment, or from the
command line (the last wins). Secrets never stand in the toml file: see `keys.py`.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from analysis.sizes import Sizes
from pipelines.errors import JeugdbeeldError

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "data" / "reference"
Purpose = Literal["trend", "steering", "person_approach", "quality"]


class UnknownRegion(JeugdbeeldError):  # noqa: N818 - reads as the sentence it is
    """The region named is no preset and no list of municipality codes."""

    exit_code = 2


class UnsafeChoice(JeugdbeeldError):  # noqa: N818 - reads as the sentence it is
    """Settings that cannot be kept together."""

    exit_code = 2


LEAST_REASON = 5
TENS_THRESHOLD = 5


class Stricter(BaseModel):
    """A higher threshold that somebody asked for.

    threshold  as in Settings
    reason     the agreement and its article, for the screen
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: int = Field(ge=3, le=20)
    reason: str = Field(min_length=5)


class Choice(BaseModel):
    """Something that a region chose to do otherwise, with its reason for the screen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(min_length=5)


class Dominance(Choice):
    """A count is also hidden when one contributor makes up this share of it or more.

    by     person (of registrations), family or group (youth group)
    share  1 switches it off
    """

    by: Literal["person", "family", "group"] = "family"
    share: float = Field(default=0.8, gt=0.5, le=1)


ONE_PERSON = Dominance(by="person", reason="Een jongere met heel veel registraties is anders te herkennen")


class Settings(BaseSettings):
    """One run's choices.

    region       a preset of data/reference/regions.csv (ijmond, twente, almere) or municipality codes: `GM0375,GM0396`
    region_name  the name on the screen when `region` is a list of codes
    threshold    a person count from 1 to threshold - 1 is never published
    insiders     whether a municipality, which knows its own exact cells, must not learn the small counts of another
    stricter     higher thresholds, per source or indicator, each with the agreement that asks for it
    dominance    per indicator: hidden too where one person, family or youth group makes up nearly all of it; registrations
                 by person unless told otherwise
    rule         hide (small counts and what gives them away) or round10 (every count of persons in tens); with its reason
    zeros_known  when given: zeros are always shown, for this reason; more is hidden beside them
    refused_max  share of refused rows above which a whole delivery is refused
    *_from       from how many events a figure carries a label, a label that is only likely, an arrow, a percentage
                 (methods of small numbers: docs/method.md); they can be raised, not lowered
    contact_*    whom visitors can ask: name, e-mail and phone, as the page Contact shows them
    sql_page     whether the page is served on which analysts ask the shown figures in SQL
    purposes     what the region has agreed to use figures for; an indicator with another purpose is not computed
    """

    model_config = SettingsConfigDict(
        env_prefix="JEUGDBEELD_", toml_file=ROOT / "jeugdbeeld.toml", frozen=True, extra="ignore"
    )

    region: str = "ijmond"
    region_name: str = "Eigen regio"
    deliveries: Path = Path("data/deliveries")
    published: Path = Path("data/published")
    work: Path = Path("data/work")
    threshold: int = Field(default=5, ge=3, le=20)
    insiders: bool = True
    stricter: dict[str, Stricter] = Field(default_factory=dict)
    zeros_known: Choice | None = None
    rule: Literal["hide", "round10"] = "hide"
    rule_reason: str = ""
    dominance: dict[str, Dominance] = Field(default_factory=dict, validate_default=True)
    label_from: int = Field(default=10, ge=10)
    possibly_from: int = Field(default=20, ge=20)
    arrow_from: int = Field(default=50, ge=50)
    percentage_from: int = Field(default=100, ge=50)
    refused_max: float = Field(default=0.05, ge=0, le=1)
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    sql_page: bool = False
    purposes: Annotated[tuple[Purpose, ...], NoDecode] = Field(
        default=("trend", "steering", "person_approach", "quality"), min_length=1
    )

    @property
    def rounded(self) -> bool:
        """Whether persons are shown in tens."""
        return self.rule == "round10"

    @property
    def sizes(self) -> Sizes:
        """The four limits together."""
        return Sizes(
            label=self.label_from,
            possibly=self.possibly_from,
            arrow=self.arrow_from,
            percentage=self.percentage_from,
        )

    @field_validator("purposes", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`trend,steering` in the environment."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _rounding_alone(self) -> Self:
        """Rounding protects less than hiding: what it cannot promise must be given up in so many words."""
        if self.rounded and len(self.rule_reason) < LEAST_REASON:
            raise UnsafeChoice('rule = "round10" needs rule_reason: who decided it, and why')
        if self.rounded and (self.insiders or self.zeros_known):
            raise UnsafeChoice(
                'rule = "round10": tens do not protect against a municipality that knows its own counts, nor where zeros are '
                'known\nSet insiders = false and take zeros_known out, or keep rule = "hide"'
            )
        if self.rounded and max([self.threshold, *(one.threshold for one in self.stricter.values())]) > TENS_THRESHOLD:
            raise UnsafeChoice(
                'rule = "round10": a count of 5 is shown as 10, so no threshold above 5 can be kept\n'
                'Keep rule = "hide" where an agreement asks for more'
            )
        return self

    @field_validator("dominance", mode="after")
    @classmethod
    def _usual_dominance(cls, value: dict[str, Dominance]) -> dict[str, Dominance]:
        return {"registrations": ONE_PERSON} | value

    def threshold_of(self, indicator: str, sources: Iterable[str]) -> int:
        """The threshold of an indicator: the highest that holds for it or for one of its sources."""
        asked = [one.threshold for name, one in self.stricter.items() if name == indicator or name in set(sources)]
        return max([self.threshold, *asked])

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then the environment, then the toml file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


class Region:
    """A region on the map: its code, its name and its municipalities (CBS codes, in order)."""

    def __init__(self, code: str, name: str, municipalities: tuple[str, ...]) -> None:
        self.code, self.name, self.municipalities = code, name, municipalities


def find_region(settings: Settings) -> Region:
    """The region of the settings.

    raises  UnknownRegion when it is neither a preset nor a list of `GM` + 4 digits
    """
    with (REFERENCE / "regions.csv").open(encoding="utf-8", newline="") as file:
        presets = [row for row in csv.DictReader(file) if row["region"] == settings.region.lower()]
    if presets:
        return Region(presets[0]["code"], presets[0]["name"], tuple(row["municipality"] for row in presets))
    codes = tuple(sorted({part.strip().upper() for part in settings.region.split(",")}))
    if all(re.fullmatch(r"GM\d{4}", code) for code in codes):
        return Region("RG-EIGEN", settings.region_name, codes)
    raise UnknownRegion(
        f"region: '{settings.region}' is no preset of data/reference/regions.csv and no list of municipality codes\n"
        "Use --region ijmond, or --region GM0375,GM0396 with JEUGDBEELD_REGION_NAME for its name"
    )
