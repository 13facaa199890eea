"""The rules of the contracts in Dutch, for the screen; errors on the command line keep the English words."""

DUTCH = {
    "as many cells as the header": "evenveel cellen als de kopregel",
    "filled": "ingevuld",
    "occurs once in the delivery": "komt één keer voor in de levering",
    "a CBS code GM, WK or BU with 4, 6 or 8 digits": "een CBS-code: GM, WK of BU met 4, 6 of 8 cijfers",
    "a CBS code that exists: GM, WK or BU with 4, 6 or 8 digits": "een bestaande CBS-code: GM, WK of BU met 4, 6 of 8 cijfers",
    "a CBS neighbourhood code (BU + 8 digits) that exists": "een bestaande CBS-buurtcode (BU + 8 cijfers)",
    "a CBS municipality code (GM + 4 digits)": "een CBS-gemeentecode (GM + 4 cijfers)",
    "lies in the municipality of the same row": "ligt in de gemeente van dezelfde rij",
    "a date JJJJMMDD or d-m-jjjj": "een datum als JJJJMMDD of d-m-jjjj",
    "a date JJJJMMDD or d-m-jjjj; unknown day or month is 00": "een datum als JJJJMMDD of d-m-jjjj; een onbekende dag of maand is 00",
    "64 hexadecimal digits, as `jeugdbeeld pseudonymise` writes them": "een pseudoniem van 64 tekens, zoals het programma dat maakt",
    "M, V or O (unknown)": "M, V of O (onbekend)",
    "10 to 22 years old on the day of the offence": "10 tot en met 22 jaar op de dag van het misdrijf",
    "10 to 18 years old on the day of referral": "10 tot en met 18 jaar op de dag van de verwijzing",
    "within the period of the delivery, and not after the day it came": (
        "binnen de periode van de levering, en niet na de dag van levering"
    ),
    "not before the offence": "niet vóór het misdrijf",
    "not before the first hearing": "niet vóór het eerste verhoor",
    "not before the referral": "niet vóór de verwijzing",
    "not before the start": "niet vóór de start",
    "a class of data/reference/offence_classes.csv": "een bekende code voor het soort misdrijf",
    "an offence of data/reference/police_offences.csv": "een bekend soort misdrijf",
    "a class of data/reference/police_offences.csv": "een bekend soort overlast",
    "a title of data/reference/police_offences.csv": "een bekende naam van een misdrijf of overlast",
    "names an offence or a nuisance class": "noemt een soort misdrijf of overlast",
    "Halt, STOP, reprimande, dagvaarding or sepot": "Halt, STOP, reprimande, dagvaarding of sepot",
    "politie, leerplichtambtenaar or boa": "politie, leerplichtambtenaar of boa",
    "geslaagd, mislukt or niet gestart": "geslaagd, mislukt of niet gestart",
    "a BRIN and branch: 2 digits, 2 letters, 2 digits": "BRIN en vestiging: 2 cijfers, 2 letters, 2 cijfers",
    "one of DUO's types: po, sbo, so, vso, vo, vavo, mbo-1, mbo-2, mbo-3, mbo-4": (
        "een onderwijssoort van DUO: po, sbo, so, vso, vo, vavo, mbo-1, mbo-2, mbo-3, mbo-4"
    ),
    "one of DUO's kinds: A, V1, V2, V3, V4, LRV, L, RMC, O": "een verzuimsoort van DUO: A, V1, V2, V3, V4, LRV, L, RMC, O",
    "R, B, G, K or I": "R, B, G, K of I",
    "4 to 22 years old on the first day of absence": "4 tot en met 22 jaar op de eerste dag van het verzuim",
    "not before the first day of absence": "niet vóór de eerste dag van het verzuim",
    "filled, except for absolute absence": "ingevuld, behalve bij absoluut verzuim",
    "V4 and RMC from 18 years on, V3 before": "V4 en RMC vanaf 18 jaar, V3 daarvoor",
    "a school year: 2024-2025 or 2024/25": "een schooljaar: 2024-2025 of 2024/25",
    "one of the reasons agreed: werk, gezondheid, gedrag, verkeerde keuze, verhuisd, overig, onbekend": (
        "een van de redenen: werk, gezondheid, gedrag, verkeerde keuze, verhuisd, overig, onbekend"
    ),
    "11 to 22 years old on 1 October of the school year": "11 tot en met 22 jaar op 1 oktober van het schooljaar",
    "a whole number": "een geheel getal",
    "a number of 0 or more, or . for unknown": "een getal van 0 of meer, of een punt voor onbekend",
    "a whole number, or . for unknown": "een geheel getal, of een punt voor onbekend",
    "a whole number, blank (cannot occur) or . (unknown)": "een geheel getal, leeg (kan niet voorkomen) of een punt (onbekend)",
    "a number of hours, 0 to 40": "een aantal uren van 0 tot en met 40",
    "a CBS period (2020JJ00, 2020KW01, 2020MM01), its label, a year, or the first day of a month": (
        "een periode van het CBS (2020JJ00, 2020KW01, 2020MM01) of de naam ervan, een jaar, of de eerste dag van een maand"
    ),
    "one of Halt's six groups: vermogen, vernieling en openbare orde, geweld, vuurwerk, schoolverzuim, overig": (
        "een van de zes groepen van Halt: vermogen, vernieling en openbare orde, geweld, vuurwerk, schoolverzuim, overig"
    ),
    "a CBS code: NL, GM, WK or BU and its digits": "een CBS-code: NL, GM, WK of BU met de cijfers erachter",
    "a CBS period (2024JJ00, 2024HJ01, 2024KW01, 2024SJ00), its label, a year or a school year (2024-2025)": (
        "een periode van het CBS (2024JJ00, 2024HJ01, 2024KW01, 2024SJ00) of de naam ervan, een jaar of een schooljaar (2024-2025)"
    ),
    "an age (12 jaar), an age group (12 tot 18 jaar) or the total": "een leeftijd (12 jaar), een groep (12 tot 18 jaar) of het totaal",
    "mannen, vrouwen or the total": "mannen, vrouwen of het totaal",
    "not more than the pupils": "niet meer dan het aantal leerlingen",
    "the four digits of a postcode, never its letters": "de vier cijfers van een postcode, nooit de letters",
    "jeugdhulp, jeugdbescherming or jeugdreclassering": "jeugdhulp, jeugdbescherming of jeugdreclassering",
    "a code of the policy information youth": "een code uit de beleidsinformatie jeugd",
    "a form of its own kind of care": "een vorm die hoort bij de soort zorg in dezelfde rij",
    "a referrer, 01 to 07": "een verwijzer: 01 tot en met 07",
    "a reason, 01 to 05": "een reden: 01 tot en met 05",
    "0 to 22 years old on the first day": "0 tot en met 22 jaar op de eerste dag",
    "not before the first day": "niet vóór de eerste dag",
    "empty while the spell runs": "leeg zolang het traject loopt",
    "groep, persoon, systeem or locatie": "groep, persoon, systeem of locatie",
    "a code that says nothing (JG-0123, or 16 to 64 hexadecimal digits); never a name": (
        "een code die niets zegt (JG-0123, of 16 tot en met 64 tekens 0-9 en a-f); nooit een naam"
    ),
    "aanmelding, plan, uitvoering, nazorg or afgesloten": "aanmelding, plan, uitvoering, nazorg of afgesloten",
    "not after the start": "niet na de start",
    "a half-year: 2025H1, or 1e halfjaar 2025": "een halfjaar: 2025H1, of 1e halfjaar 2025",
    "a step of the 7-step model: 1 to 7": "een stap van het 7-stappenmodel: 1 tot en met 7",
    "a name of at most 80 characters": "een naam van hooguit 80 tekens",
    "one of: voorlichting, training, coaching, sport en cultuur, gezinsondersteuning, straatwerk, overig": (
        "een van: voorlichting, training, coaching, sport en cultuur, gezinsondersteuning, straatwerk, overig"
    ),
    "a project or approach of a programme, such as twente-3 or bh-group": (
        "een project of aanpak van een programma, zoals twente-3 of bh-group"
    ),
    "CBS codes with a comma between them": "CBS-codes met een komma ertussen",
    "two ages, such as 12-17": "twee leeftijden, zoals 12-17",
    "the id of an indicator": "de naam (id) van een indicator",
    "gepland, loopt, klaar, vertraagd or gestopt": "gepland, loopt, klaar, vertraagd of gestopt",
}
