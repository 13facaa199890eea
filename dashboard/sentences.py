"""Every sentence that says what a figure means: labels, directions, changes, verdicts, signals, effects. One list.

Plain Dutch (B1). None says what causes what, none puts areas in order of a value, and "gelijk" never stands for "niet te
zien". A sentence that is new is added here, with its fields in EXAMPLES, and read aloud.
"""

from collections.abc import Mapping
from typing import Any, Final

LABEL_WORDS: Final[Mapping[Any, str]] = {
    "higher": "hoger dan de regio",
    "possibly_higher": "mogelijk hoger dan de regio",
    "similar": "ongeveer als de regio",
    "possibly_lower": "mogelijk lager dan de regio",
    "lower": "lager dan de regio",
    "cannot_tell": "verschil kan toeval zijn",
}
TREND_WORDS: Final[Mapping[Any, str]] = {
    "up": "Over meer jaren gezien: omhoog.",
    "down": "Over meer jaren gezien: omlaag.",
    "no_clear_trend": "Geen duidelijke ontwikkeling over meer jaren.",
    "too_few": "Te weinig gevallen om een ontwikkeling te zien.",
    "too_noisy": "Het cijfer schommelt te veel om een ontwikkeling te zien.",
    "not_comparable": "Er zijn geen vijf vergelijkbare jaren op rij om een ontwikkeling te zien.",
}
CLAIM_WORDS: Final[Mapping[str, str]] = {"decrease": "gedaald", "increase": "gestegen", "stable": "gelijk gebleven"}
VERDICT_WORDS: Final[Mapping[str, str]] = {
    "supported": "Ja, dat klopt met de cijfers.",
    "partly": "Voor een deel.",
    "not_shown": "Dat is niet aan te tonen.",
    "contradicted": "Nee, de cijfers zeggen iets anders.",
    "cannot_tell": "Dat is met deze cijfers niet te zeggen.",
}
STEWARD_WORDS: Final[Mapping[str, str]] = {
    "real": "Echt: er is iets aan de hand",
    "recording": "Andere manier van registreren",
    "noise": "Toeval",
}
FUNNEL_WORDS: Final[Mapping[str, str]] = {
    "above": "hoger dan verwacht",
    "possibly_above": "mogelijk hoger dan verwacht",
    "inside": "binnen wat gewoon is",
    "possibly_below": "mogelijk lager dan verwacht",
    "below": "lager dan verwacht",
    "few": "te weinig gevallen om te vergelijken",
}

SENTENCES: Final[Mapping[str, str]] = {
    # What stands under every figure.
    "margin.range": "{area} in {year}: {level}. Het werkelijke niveau ligt waarschijnlijk tussen {low} en {high}.",
    "margin.zero": "{area} in {year}: geen geregistreerde gevallen. Door toeval kan het niveau toch tot {high} liggen.",
    "margin.key": "Het streepje door een staaf is de marge: het werkelijke niveau ligt waarschijnlijk daarbinnen.",
    "margin.cut": "Een marge die niet past, loopt door tot de rand; de tabel geeft de hele marge.",
    "label.few": "te weinig gevallen om te vergelijken",
    # Direction over the years.
    "trend.up": "{area}: over meer jaren gezien omhoog, van {first} tot en met {last}.",
    "trend.down": "{area}: over meer jaren gezien omlaag, van {first} tot en met {last}.",
    "trend.size": "Per jaar is dat waarschijnlijk tussen {low} en {high}.",
    "trend.no_clear_trend": "{area}: geen duidelijke ontwikkeling.",
    "trend.too_few": "{area}: te weinig gevallen om een ontwikkeling te zien.",
    "trend.too_noisy": "{area}: het cijfer schommelt te veel om een ontwikkeling te zien.",
    "trend.not_comparable": "{area}: de jaren zijn niet goed te vergelijken.",
    "trend.why.both_rules": "Twee rekenregels wijzen dezelfde kant op.",
    "trend.why.no_rule": "Een geleidelijke daling van 30 % zou in deze cijfers waarschijnlijk te zien zijn, en die is er niet.",
    "trend.why.rules_disagree": "De twee rekenregels zijn het niet eens. Dan noemen wij geen richting.",
    "trend.why.few_events": "Een richting noemen wij pas vanaf {count} gevallen per jaar.",
    "trend.why.low_power": "Zelfs een geleidelijke daling van 30 % zou hier waarschijnlijk niet opvallen.",
    "trend.why.fewer_than_five": "Er zijn minder dan vijf jaren met een cijfer. Vijf is het minste.",
    "trend.why.provisional": "Er zijn minder dan vijf definitieve jaren op rij. Een voorlopig jaar telt niet mee.",
    "trend.why.gap": "Een jaar zonder cijfer breekt de reeks af. Wij vullen niets in.",
    "trend.why.break": "De manier van tellen of het gebied veranderde. Jaren ervoor en erna horen niet bij elkaar.",
    "trend.only_years": "Een richting noemen wij alleen bij cijfers per jaar of per schooljaar.",
    "trend.break_words": "Breuk in {year}: {text}.",
    # A year against the year before.
    "change.none_before": "Het jaar ervoor is er geen cijfer om mee te vergelijken.",
    "change.break": "Niet te vergelijken met {year}: {text}.",
    "change.few": "Te weinig gevallen om met {year} te vergelijken.",
    "change.same_number": "Evenveel als in {year}.",
    "change.more_number": "{number} meer dan in {year}.",
    "change.less_number": "{number} minder dan in {year}.",
    "change.level": "In {year} was het {level}.",
    "change.chance": "Het verschil kan toeval zijn.",
    "change.higher": "Hoger dan toen, waarschijnlijk geen toeval.",
    "change.lower": "Lager dan toen, waarschijnlijk geen toeval.",
    "change.provisional": "Nu lager, maar dit cijfer is voorlopig en stijgt meestal nog iets.",
    "change.about_more": "Ongeveer {large} meer.",
    "change.about_less": "Ongeveer {large} minder.",
    "change.between_more": "Tussen {low} en {high} meer.",
    "change.between_less": "Tussen {low} en {high} minder.",
    # Areas side by side.
    "compare.order": "De gebieden staan op naam. De volgorde zegt niets over het cijfer.",
    "funnel.key": "Elk punt is een gebied. Tussen de lijnen is het verschil met de regio niet bijzonder voor een gebied van die grootte.",
    "funnel.wide": "De lijnen houden er rekening mee dat gebieden altijd meer verschillen dan alleen door toeval.",
    "funnel.plain": "De gebieden verschillen niet meer dan door toeval te verwachten is.",
    "funnel.hidden": "Gebieden zonder getoond cijfer staan er niet in en tellen niet mee.",
    "funnel.too_few": "Een trechter heeft minstens {count} gebieden met een cijfer nodig, en een cijfer van de regio. Kies wijken of buurten, of de staven.",
    "peers.lead": "Gebieden die op {area} lijken in: {traits}. Het cijfer zelf telt daarbij niet mee.",
    "peers.order": "Het gebied dat het meest lijkt, staat bovenaan. Hoe kleiner de afstand, hoe meer het lijkt.",
    "peers.stable": "Kijken wij niet naar {trait}, dan blijven er {kept} van deze {count} gebieden over. Dit kenmerk maakt het meest uit.",
    "peers.too_few": "Voor vergelijkbare gebieden zijn er minstens {count} gebieden met bekende kenmerken nodig. Hier zijn dat er minder.",
    "peers.unknown": "Van {area} zijn niet alle kenmerken bekend. Daarom zijn er geen vergelijkbare gebieden te geven.",
    # The map.
    "map.raw": "Dit zijn de cijfers zoals ze zijn geteld.",
    "map.smoothed": "Dit zijn afgevlakte cijfers, geen tellingen. In een klein gebied schommelt een cijfer veel; daarom is het iets naar {towards} getrokken.",
    "map.towards.all": "het gemiddelde van de getoonde gebieden",
    "map.towards.near": "de getoonde buurten eromheen",
    "map.smoothed.hidden": "Een gebied zonder getoond cijfer telt niet mee en krijgt ook geen afgevlakt cijfer.",
    "map.smoothed.too_few": "Afvlakken kan hier niet: daarvoor zijn minstens {count} gebieden met een getoond cijfer nodig, en minstens de helft van alle gebieden. U ziet de cijfers zoals ze zijn geteld.",
    "map.hatched": "Gestreept: onzeker, want minder dan {count} gevallen.",
    "map.key": "Hoe donkerder blauw, hoe hoger het cijfer. Het lichtste blauw is nul.",
    "map.grey": "Grijs: daar is geen cijfer te tonen, het is bijvoorbeeld afgeschermd.",
    # Signals.
    "signal.lead": "Een signaal is een vraag, geen conclusie. Iemand die het gebied kent moet zeggen wat erachter zit.",
    "signal.month": "Er waren er {observed}; verwacht waren er ongeveer {expected}. Dat is meer dan in gewone jaren.",
    "signal.cluster": "In {areas} zijn het er bij elkaar {observed}. Naar het aantal inwoners zijn er ongeveer {expected} te verwachten.",
    "signal.cluster.again": "Ook in het jaar ervoor lagen hier meer gevallen bij elkaar.",
    "signal.cluster.new": "In het jaar ervoor viel dit niet op.",
    "signal.cluster.limits": "Op een plek met veel winkels, verkeer of uitgaan zijn er bijna altijd meer gevallen dan het aantal inwoners doet denken.",
    "signal.none": "Voor deze keuze is er geen signaal. Dat zegt niet dat er niets aan de hand is.",
    "signal.false": "In {year} is in de hele regio {tests} keer {subject}. Ook als er niets aan de hand is, geeft dat ongeveer {number} signalen per jaar op deze lijst.",
    "signal.false.board": "In {year} is in de hele regio {tests} keer {subject}. Ook als er niets aan de hand is, geeft dat ongeveer {number} signalen per jaar voor het bestuur.",
    "signal.false.few": "In {year} is in de hele regio {tests} keer {subject}. Ook als er niets aan de hand is, geeft dat ongeveer 1 signaal in de {years} jaar.",
    "signal.false.periods": "een maand of kwartaal vergeleken met eerdere jaren",
    "signal.false.clusters": "gezocht naar buurten bij elkaar",
    "signal.rule": "Een signaal komt op de lijst als zo'n hoog aantal in gewone jaren hoogstens 1 op de 100 keer voorkomt; voor het bestuur is dat 1 op de 1.000 keer.",
    "signal.many": "Er wordt tegelijk naar meer gebieden gekeken. De grens is zo gekozen dat hoogstens ongeveer 1 op de 10 signalen loos is.",
    "signal.least": "Er is alleen gekeken waar er minstens 3 gevallen te verwachten waren, en waar alle maanden of kwartalen getoond worden.",
    "signal.persons": "Bij cijfers over jongeren zoeken wij geen groepjes buurten: te veel buurten zijn afgeschermd.",
    "signal.judged": "Oordeel van {who} op {when}: {verdict}.",
    "signal.not_judged": "Nog niet beoordeeld.",
    "signal.no_scope": "Voor {year} zijn er geen signalen gezocht. Dat gebeurt alleen voor de twee laatste jaren.",
    "signal.no_name": "Vul in wie dit oordeel geeft. Uw oordeel is nog niet bewaard.",
    "signal.saved": "Uw oordeel is bewaard.",
    "signal.not_saved": "Uw oordeel is niet bewaard: het programma kan nu niets opslaan. Meld dit bij de beheerder.",
    "signal.unreadable": "De oordelen zijn nu niet te lezen. De signalen ziet u wel.",
    "signal.no_names": "Noem in de toelichting geen namen of andere gegevens van personen.",
    # Is it true?
    "claim.supported": "Het cijfer {title} is in {area} {claim} van {first} tot en met {last}.",
    "claim.supported.stable": "Het cijfer {title} is in {area} ongeveer gelijk gebleven van {first} tot en met {last}.",
    "claim.partly": "Het cijfer {title} is in {area} {claim} als u bij {first} begint. Begint u later, dan klopt dat niet meer.",
    "claim.partly.stable": "Het cijfer {title} is in {area} van {first} tot en met {last} niet veel veranderd, maar er zit wel beweging in.",
    "claim.not_shown": "Met deze cijfers is niet aan te tonen dat het cijfer {title} in {area} is {claim} van {first} tot en met {last}.",
    "claim.contradicted": "Het cijfer {title} is in {area} niet {claim}. Van {first} tot en met {last} ging het de andere kant op.",
    "claim.contradicted.stable": "Het cijfer {title} is in {area} niet gelijk gebleven. Van {first} tot en met {last} veranderde het duidelijk.",
    "claim.cannot_tell": "Met deze cijfers is niet te zeggen of het cijfer {title} in {area} is {claim} van {first} tot en met {last}.",
    "claim.level": "Het ging van {before} naar {after}.",
    "claim.size": "Over de hele periode is dat waarschijnlijk tussen {low} en {high}.",
    "claim.too_short": "Voor dit cijfer en dit gebied zijn er minder dan drie definitieve jaren. Dan is er niets over te zeggen.",
    "claim.order": "Het laatste jaar moet minstens twee jaar na het eerste liggen. U ziet nu {first} tot en met {last}.",
    "claim.provisional": "Voorlopige jaren kunt u niet kiezen: die cijfers stijgen meestal nog iets.",
    "claim.no_cause": "Een verandering zegt niet waardoor ze komt.",
    "claim.why.significant": "De verandering is groter dan wat door toeval te verwachten is.",
    "claim.why.not_significant": "De verandering kan toeval zijn.",
    "claim.why.within_margin": "De verandering over de hele periode is kleiner dan 30 %, ook als wij toeval meerekenen.",
    "claim.why.outside_margin": "De verandering over de hele periode is groter dan 30 %.",
    "claim.why.margin_unsure": "Een verandering van meer dan 30 % is niet uit te sluiten.",
    "claim.why.low_power": "Zelfs een geleidelijke daling van 30 % zou hier waarschijnlijk niet opvallen.",
    "claim.why.same_from_every_start": "Ook met een later beginjaar wijst het dezelfde kant op.",
    "claim.why.later_start_turns": "Met een later beginjaar wijst het de andere kant op. Het beginjaar maakt dus uit.",
    "claim.why.base_year_decides": "Zonder het eerste jaar is de verandering niet meer duidelijk.",
    "claim.why.base_year_high": "Het eerste jaar is hoger dan verwacht als men naar de jaren erna kijkt. Wie daar begint, ziet al snel een daling.",
    "claim.why.base_year_low": "Het eerste jaar is lager dan verwacht als men naar de jaren erna kijkt. Wie daar begint, ziet al snel een stijging.",
    "claim.why.national_base_year_high": "In heel Nederland was het eerste jaar ook hoog.",
    "claim.why.national_base_year_low": "In heel Nederland was het eerste jaar ook laag.",
    "claim.why.national_base_year_usual": "In heel Nederland was het eerste jaar een gewoon jaar.",
    "claim.why.large_jumps": "Het cijfer schommelt van jaar op jaar meer dan door toeval te verwachten is. Daar is rekening mee gehouden.",
    "claim.why.few_events": "Er zijn te weinig gevallen. Zoiets zeggen wij pas vanaf {count} gevallen per jaar.",
    "claim.why.fewer_than_three": "Er zijn te weinig jaren met een cijfer. Drie is het minste.",
    "claim.why.gap": "Niet elk jaar heeft een cijfer dat getoond mag worden. Wij vullen niets in.",
    "claim.why.break": "In deze periode veranderde de manier van tellen of het gebied.",
    "claim.why.corona": "2020 en 2021 waren coronajaren. Vergelijk niet alleen met die jaren.",
    # Interventions.
    "effect.level": "{title} in {area}: gemiddeld {before} per {kind} voor de start en {after} erna ({unit}).",
    "effect.changed_less": "Het cijfer is veranderd na de start: waarschijnlijk tussen {low} en {high} lager dan de lijn van daarvoor.",
    "effect.changed_more": "Het cijfer is veranderd na de start: waarschijnlijk tussen {low} en {high} hoger dan de lijn van daarvoor.",
    "effect.changed_less_only": "Het cijfer is veranderd na de start: het is lager dan de lijn van daarvoor.",
    "effect.changed_more_only": "Het cijfer is veranderd na de start: het is hoger dan de lijn van daarvoor.",
    "effect.not_seen": "Na de start is geen duidelijke verandering te zien.",
    "effect.beside_less": "Vergeleken met {others} is het cijfer veranderd na de start: waarschijnlijk tussen {low} en {high} lager.",
    "effect.beside_more": "Vergeleken met {others} is het cijfer veranderd na de start: waarschijnlijk tussen {low} en {high} hoger.",
    "effect.beside_less_only": "Vergeleken met {others} is het cijfer veranderd na de start: het is lager.",
    "effect.beside_more_only": "Vergeleken met {others} is het cijfer veranderd na de start: het is hoger.",
    "effect.beside_not_seen": "Vergeleken met {others} is geen duidelijke verandering te zien.",
    "effect.power": "Met deze aantallen was alleen een verandering van ten minste {number} te zien geweest.",
    "effect.power.none": "Met deze aantallen was zelfs een halvering niet te zien geweest.",
    "effect.gate.others_hidden": "De andere gebieden hebben niet in elke periode een cijfer dat getoond mag worden. Daarmee kunnen wij niet vergelijken.",
    "effect.alone": "Zonder gebied om mee te vergelijken is niet te zien of het cijfer elders ook veranderde.",
    "effect.few_areas": "Vergelijken kan alleen met {others}. Dat zijn te weinig gebieden om een verandering van toeval te onderscheiden, dus daar geven wij geen getal.",
    "effect.mix": "Een mix van andere gebieden volgde voor de start dezelfde lijn. Na de start ligt {area} {direction} dan die mix.",
    "effect.mix_not_seen": "Een mix van andere gebieden volgde voor de start dezelfde lijn. Na de start wijkt {area} daar niet duidelijk van af.",
    "effect.regression": "Is een gebied gekozen omdat het cijfer hoog was? Dan daalt het daarna vaak vanzelf.",
    "effect.gate.few_before": "Er zijn te weinig metingen van voor de start: {have}. Er zijn er minstens {need} nodig.",
    "effect.gate.few_events": "Er zijn te weinig gevallen van voor de start: minder dan {need}.",
    "effect.gate.few_after": "Er zijn nog te weinig definitieve metingen van na de start.",
    "effect.gate.no_estimate": "Met deze aantallen is er niets uit te rekenen.",
    "effect.gate.hidden": "Niet elke periode heeft een cijfer dat getoond mag worden. Dan rekenen wij niets uit.",
    "effect.gate.break": "In deze jaren veranderde de manier van tellen. Voor en na zijn niet te vergelijken.",
    "effect.gate.everywhere": "De interventie loopt in alle gebieden van de regio. Er is geen gebied om mee te vergelijken.",
    "effect.gate.no_figure": "Het cijfer waar deze interventie bij moet helpen is er niet voor dit gebied, of is niet zo te vergelijken.",
    # For who wants to see the reckoning; folded away.
    "technical.fingertips": "Fingertips-regel over vijf jaar: {marker}; chi-kwadraat {chi2} (grens 9,55).",
    "technical.slope": "Quasi-Poisson: {change} per jaar, 95%-betrouwbaarheidsinterval {low} tot {high}; spreiding (phi) {phi}; p = {p}.",
    "technical.none": "Er is geen reeks om door te rekenen.",
    "technical.funnel": "Phi {phi}, tau2 {tau2} (wortelschaal), {count} gebieden; grenzen op 95 % en 99,8 %.",
    "technical.effect": "{change}, 95%-betrouwbaarheidsinterval {low} tot {high}; p = {p}; bezwaren: {gates}.",
    "technical.claim": "Quasi-Poisson over {first} tot en met {last}: {change} per jaar, 95%-betrouwbaarheidsinterval {low} tot {high}; p = {p}.",
}
EXAMPLES: Final[Mapping[str, str]] = {
    "low": "3 %", "high": "9 %", "count": "20", "area": "Velsen", "areas": "Oost en West", "others": "Heemskerk en Uitgeest",
    "first": "2019", "last": "2025", "year": "2024", "years": "10", "text": "Ruimere Halt-criteria", "number": "3", "large": "5 %",
    "level": "7,2", "traits": "stedelijkheid en inkomen", "trait": "inkomen", "kept": "4", "towards": "het gemiddelde van de getoonde gebieden",
    "title": "‘Meldingen van overlast’", "period": "maart 2025", "observed": "41", "expected": "22",
    "tests": "144", "who": "Jo, data", "when": "3 maart 2026", "verdict": "toeval", "claim": "gedaald",
    "size": "een daling van waarschijnlijk tussen 3 % en 20 %", "before": "7,2", "after": "6,1", "direction": "lager",
    "subject": "een maand vergeleken met eerdere jaren", "unit": "per 1.000 inwoners", "kind": "maand", "gates": "few_areas", "have": "5", "need": "8", "marker": "omhoog", "chi2": "12,3", "change": "3 %", "phi": "1,4", "p": "0,03", "tau2": "0,02",
}  # fmt: skip
"""A value for every field, so that each sentence can be read as the screen says it."""


def say(name: str, **words: object) -> str:
    """A sentence of the list with its fields filled in.

    raises  KeyError on a sentence or a field that is not there
    """
    return SENTENCES[name].format(**words)


def read_aloud() -> dict[str, str]:
    """Every sentence as the screen may say it, by name; words of labels and verdicts included."""
    fixed = {
        "label": LABEL_WORDS,
        "trend_words": TREND_WORDS,
        "claim": CLAIM_WORDS,
        "verdict": VERDICT_WORDS,
        "steward": STEWARD_WORDS,
        "funnel_words": FUNNEL_WORDS,
    }
    words = {f"{group}.{key}": text for group, listed in fixed.items() for key, text in listed.items()}
    return words | {name: text.format(**EXAMPLES) for name, text in SENTENCES.items()}
