"""School: absence, early leaving, and what the attendance officer did with it; by school year.

A pupil counts once in a school year, with the age and home of the last report. By municipality of the school a pupil
may count in two municipalities, so those are sets of their own (`absence_here`).
"""

from pipelines.indicators.model import ESTIMATED_BAND, Break, Indicator, Links, Measure, Splits

LAW = "Leerplichtwet 1969 artikel 24f en 25 en Besluit verzuimmelding (DUO); persoonsgegevens zijn vervangen vóór het inlezen"
LEAVING_LAW = (
    "Wet voortgezet onderwijs 2020 en Wet educatie en beroepsonderwijs, doorstroompunt (RMC), cijfers van DUO; "
    "persoonsgegevens zijn vervangen vóór het inlezen"
)
PUPILS = "Hoeveel leerlingen er zijn, is niet geleverd. Daarom delen wij door alle inwoners van die leeftijd op 1 januari van het schooljaar."
REPORTING = "Meer meldingen kan ook betekenen dat scholen eerder en vaker melden."
CORONA = "In 2019/20 en 2020/21 waren scholen deels dicht en kwamen er minder meldingen. Vergelijk niet alleen met die jaren."
LAST_REPORT = "Elke leerling telt één keer; leeftijd en adres zijn die bij de laatste melding in het schooljaar."
DEFINITION_2016 = Break(
    period="2016/17",
    text="Sinds 2016 is langdurig verzuim: ingeschreven, maar langer dan vier weken niet op school. Daarvoor telde men 'thuiszitters' anders.",
)
DEFINITION_2012 = Break(
    period="2012/13",
    text="Sinds schooljaar 2012-2013 telt DUO voortijdig schoolverlaters anders; eerdere jaren zijn niet vergelijkbaar.",
)
_YEARS: dict[str, tuple[str, ...]] = {"region": ("school_year",), "municipality": ("school_year",)}
_TOTALS: Splits = dict.fromkeys(("region", "municipality"), ((),))
_DETAIL: Splits = dict.fromkeys(("region", "municipality"), ((), ("age",), ("sex",)))
_PROGRAMMES = ("ijmond", "bh-individual", "twente-1", "twente-2", "avh", "almere-signalling")


def _inhabitants(age: str) -> Measure:
    words = f"inwoners van {age.replace('-', ' tot en met ')} jaar op 1 januari"
    return Measure(words=words, table="core.denominator", count="inhabitants")


def _kind(
    id: str, kind: str, title: str, what: str, *, breaks: tuple[Break, ...] = (), caveats: tuple[str, ...] = ()
) -> Indicator:
    """Pupils of 5 to 17 with one kind of absence: a kind of the set `absence`, so that all kinds are protected together."""
    return Indicator(
        id=id,
        title=title,
        definition=f"Leerlingen van 5 tot en met 17 jaar met minstens één melding van {what} in het schooljaar. Per 1.000 "
        f"leeftijdgenoten op 1 januari, naar woonadres. {LAST_REPORT}",
        numerator=Measure(
            words=f"leerlingen met een melding van {title.lower()}", table="core.absence_kind", count="persons",
            set="absence", where=f"age between 5 and 17 and kind = '{kind}'",
        ),
        denominator=_inhabitants("5-17"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="persons",
        geography="home",
        age="5-17",
        kind=kind,
        theme="school",
        sources=("school_absence", "population"),
        splits=_TOTALS,
        periods=_YEARS,
        breaks=breaks,
        caveats=(*caveats, "Wie om meer redenen verzuimt, telt bij elke soort: de soorten tellen niet op.", CORONA, REPORTING, PUPILS, ESTIMATED_BAND),
        legal_basis=LAW,
        programmes=_PROGRAMMES,
    )  # fmt: skip


def _absence(id: str, age: str, bands: tuple[str, ...], title: str, note: tuple[str, ...]) -> Indicator:
    """Pupils of an age with any report of absence."""
    low, high = age.split("-")
    return Indicator(
        id=id,
        title=title,
        definition=f"Leerlingen van {low} tot en met {high} jaar met minstens één melding van schoolverzuim in het schooljaar. "
        f"Per 1.000 leeftijdgenoten op 1 januari, naar woonadres. Ingetrokken meldingen tellen niet mee. {LAST_REPORT}",
        numerator=Measure(
            words="leerlingen met een verzuimmelding", table="core.absence_period", count="persons", set="absence",
            where=f"age between {low} and {high}",
        ),
        denominator=_inhabitants(age),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="persons",
        geography="home",
        age=age,
        theme="school",
        sources=("school_absence", "population"),
        bands=bands,
        splits=_DETAIL | {"district": ((),)} if bands else _TOTALS,
        periods=_YEARS | {"district": ("school_year",)} if bands else _YEARS,
        columns={"age": "age_band"},
        caveats=(*note, CORONA, REPORTING, PUPILS, ESTIMATED_BAND),
        legal_basis=LAW,
        programmes=_PROGRAMMES,
    )  # fmt: skip


INDICATORS = (
    _absence("absence", "5-17", ("5-11", "12-17"), "Leerlingen met schoolverzuim",
             ("Kinderen van 4 jaar zijn niet leerplichtig en tellen niet mee.",)),
    _absence("absence_18_22", "18-22", (), "Verzuim van 18 tot en met 22 jaar (RMC)",
             ("Het gaat om meldingen aan het doorstroompunt (RMC); wie 18 is, is niet meer leerplichtig.",
              "Niet elke jongere van deze leeftijd volgt onderwijs.")),
    _kind("absence_absolute", "absolute", "Absoluut verzuim",
          "absoluut verzuim (leerplichtig, maar nergens ingeschreven)",
          caveats=("Een deel blijkt later toch ingeschreven of verhuisd.",)),
    _kind("absence_relative", "relative", "Relatief verzuim",
          "relatief verzuim (V1: drie schooldagen achter elkaar, V2: een achtste deel van de lestijd in vier weken, "
          "V3: zestien uur in vier weken)"),
    _kind("absence_long_term", "long_term", "Langdurig verzuim",
          "langdurig relatief verzuim (meer dan vier weken)", breaks=(DEFINITION_2016,)),
    Indicator(
        id="absence_three_months",
        title="Langdurig verzuim van meer dan drie maanden",
        definition="Van de leerlingen van 5 tot en met 17 jaar met langdurig relatief verzuim in het schooljaar: het deel bij wie "
        "het langer dan dertien weken (drie maanden) duurde, naar woonadres. Verzuim zonder einddatum loopt tot de laatste "
        f"melding van het schooljaar. {LAST_REPORT}",
        numerator=Measure(words="leerlingen die meer dan drie maanden verzuimden", table="core.absence_kind", count="persons",
                          set="absence.three_months", where="age between 5 and 17 and kind = 'long_term' and three_months = 1"),
        denominator=Measure(words="leerlingen met langdurig verzuim", table="core.absence_kind", count="persons", set="absence",
                            where="age between 5 and 17 and kind = 'long_term'"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="5-17",
        kind="long_term",
        theme="school",
        sources=("school_absence",),
        splits=_TOTALS,
        periods=_YEARS,
        polarity="bad",
        breaks=(DEFINITION_2016,),
        caveats=("Van verzuim dat na het schooljaar nog doorloopt is de duur te laag.", CORONA, REPORTING),
        legal_basis=LAW,
        programmes=_PROGRAMMES,
    ),
    _kind("absence_luxury", "luxury", "Luxeverzuim", "luxeverzuim (vakantie zonder toestemming)",
          caveats=("Luxeverzuim is anders dan ander verzuim: lees het los daarvan.",)),
    _kind("absence_other", "other", "Overig verzuim", "overig verzuim (zoals vaak te laat komen)"),
    Indicator(
        id="absence_followed_up",
        title="Verzuimmeldingen opgepakt",
        definition="Van de leerlingen van 5 tot en met 17 jaar met een melding die om opvolging vraagt: het deel bij wie elke "
        "melding in behandeling of afgesloten is, naar woonadres. Meldingen die alleen ter informatie zijn, vragen geen opvolging.",
        numerator=Measure(words="leerlingen van wie elke melding is opgepakt", table="core.absence_period", count="persons",
                          set="absence.asked.followed_up", where="age between 5 and 17 and asked = 1 and followed_up = 1"),
        denominator=Measure(words="leerlingen met een melding die om opvolging vraagt", table="core.absence_period",
                            count="persons", set="absence.asked", where="age between 5 and 17 and asked = 1"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="5-17",
        theme="school",
        sources=("school_absence",),
        splits=_TOTALS,
        periods=_YEARS,
        polarity="good",
        caveats=("De stand is die van de dag van levering: late meldingen zijn soms nog niet bekeken.",),
        purpose="steering",
        legal_basis=LAW,
        programmes=("ijmond", "twente-1", "avh"),
    ),
    Indicator(
        id="absence_from_elsewhere",
        title="Verzuim van leerlingen uit een andere gemeente",
        definition="Van de leerlingen van 5 tot en met 17 jaar met een verzuimmelding van een school in deze gemeente: het deel dat "
        "in een andere gemeente woont. Elke leerling telt één keer per gemeente van de school.",
        numerator=Measure(words="leerlingen met verzuim die in een andere gemeente wonen", table="core.absence_place", count="persons",
                          set="absence_here.from_elsewhere", where="age between 5 and 17 and from_elsewhere = 1"),
        denominator=Measure(words="leerlingen met verzuim op een school in deze gemeente", table="core.absence_place", count="persons",
                            set="absence_here", where="age between 5 and 17"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="school",
        age="5-17",
        theme="school",
        sources=("school_absence",),
        splits=_TOTALS,
        periods=_YEARS,
        links=Links(bounds=({"absence": 1, "absence_here": -1, "absence_here.from_elsewhere": 1},)),
        caveats=("Absoluut verzuim telt niet mee: daar hoort geen school bij.", REPORTING,
                 "Wie op scholen in twee gemeenten verzuimt, telt in beide.",
                 "Voor de regio telt wie in minstens één andere gemeente dan de eigen gemeente naar school gaat."),
        legal_basis=LAW,
        programmes=("ijmond", "twente-1", "twente-4", "avh"),
    ),
    Indicator(
        id="early_leavers",
        title="Voortijdig schoolverlaters",
        definition="Jongeren van 12 tot en met 22 jaar die in het schooljaar (1 oktober tot en met 30 september) zonder "
        "startkwalificatie van school gingen. In procenten van de leeftijdgenoten op 1 januari, naar woonadres.",
        numerator=Measure(words="voortijdig schoolverlaters", table="core.school_leaving", count="persons", set="early_leavers",
                          where="age between 12 and 22"),
        denominator=_inhabitants("12-22"),
        unit="%",
        per=100,
        decimals=2,
        counts="persons",
        geography="home",
        age="12-22",
        theme="school",
        sources=("school_leaving", "population"),
        bands=("12-17", "18-22"),
        splits=_DETAIL,
        periods=_YEARS,
        polarity="bad",
        columns={"age": "age_band"},
        breaks=(DEFINITION_2012,),
        caveats=("DUO deelt door het aantal leerlingen; dat percentage is hoger, want niet iedere jongere zit nog op school.",
                 "Een startkwalificatie is een diploma havo, vwo of mbo vanaf niveau 2.", PUPILS, ESTIMATED_BAND),
        legal_basis=LEAVING_LAW,
        programmes=_PROGRAMMES,
    ),
    Indicator(
        id="early_leavers_vocational",
        title="Voortijdig schoolverlaters uit het mbo",
        definition="Van de voortijdig schoolverlaters van 12 tot en met 22 jaar in het schooljaar: het deel dat uit het mbo kwam, "
        "naar woonadres.",
        numerator=Measure(words="voortijdig schoolverlaters uit het mbo", table="core.school_leaving", count="persons",
                          set="early_leavers.vocational",
                          where="age between 12 and 22 and education in ('vocational_1', 'vocational_2', 'vocational_3_4')"),
        denominator=Measure(words="voortijdig schoolverlaters", table="core.school_leaving", count="persons", set="early_leavers",
                            where="age between 12 and 22"),
        unit="%",
        per=100,
        decimals=0,
        counts="persons",
        geography="home",
        age="12-22",
        theme="school",
        sources=("school_leaving",),
        splits=_TOTALS,
        periods=_YEARS,
        breaks=(DEFINITION_2012,),
        caveats=("De meeste voortijdig schoolverlaters komen uit het mbo: daar zitten ook de meeste jongeren van 18 en ouder.",),
        legal_basis=LEAVING_LAW,
        programmes=("ijmond", "twente-2", "avh"),
    ),
    Indicator(
        id="halt_attendance",
        title="Halt-verwijzingen voor schoolverzuim",
        definition="Jongeren van 12 tot en met 17 jaar die in het jaar voor schoolverzuim naar Halt zijn verwezen. "
        "Per 1.000 leeftijdgenoten op 1 januari, naar woonadres.",
        numerator=Measure(words="jongeren die voor schoolverzuim zijn verwezen", table="core.halt_kind", count="persons",
                          set="halt", where="kind = 'truancy'"),
        denominator=_inhabitants("12-17"),
        unit="per 1.000 leeftijdgenoten",
        per=1_000,
        decimals=1,
        counts="persons",
        geography="home",
        age="12-17",
        kind="truancy",
        theme="school",
        sources=("halt", "population"),
        splits=_TOTALS,
        periods={"region": ("year",), "municipality": ("year",)},
        caveats=("Meer verwijzingen is niet meer verzuim: gemeenten kiezen zelf wanneer zij Halt inzetten.",
                 "Het zijn verwijzingen van de leerplichtambtenaar: alleen die verwijst voor schoolverzuim.", ESTIMATED_BAND),
        legal_basis="Leerplichtwet 1969 artikel 22; persoonsgegevens zijn vervangen vóór het inlezen",
        programmes=("ijmond", "twente-1", "avh"),
    ),
)  # fmt: skip
