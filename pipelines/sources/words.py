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
    "a whole number": "een geheel getal",
    "a whole number, or . for unknown": "een geheel getal, of een punt voor onbekend",
    "a whole number, blank (cannot occur) or . (unknown)": "een geheel getal, leeg (kan niet voorkomen) of een punt (onbekend)",
    "a number of hours, 0 to 40": "een aantal uren van 0 tot en met 40",
    "a CBS period (2020JJ00, 2020KW01, 2020MM01), its label, a year, or the first day of a month": (
        "een periode van het CBS (2020JJ00, 2020KW01, 2020MM01) of de naam ervan, een jaar, of de eerste dag van een maand"
    ),
    "one of Halt's six groups: vermogen, vernieling en openbare orde, geweld, vuurwerk, schoolverzuim, overig": (
        "een van de zes groepen van Halt: vermogen, vernieling en openbare orde, geweld, vuurwerk, schoolverzuim, overig"
    ),
}
