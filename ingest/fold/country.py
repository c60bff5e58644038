"""Countries: ISO 3166 codes and English names to the two-letter code."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ingest.errors import ValueRefused
from ingest.fold.text import bounded, plain

_ALIASES = {
    "GB": "uk|u k|great britain|britain|england|scotland|wales|northern ireland|gbr|"
    "united kingdom of great britain and northern ireland",
    "US": "usa|u s a|u s|united states of america|america",
    "AE": "uae|united arab emirates",
    "KP": "korea north|north korea|democratic people s republic of korea|dprk|"
    "korea democratic people s republic of",
    "KR": "korea south|south korea|republic of korea|korea republic of|korea",
    "IR": "iran islamic republic of|iran",
    "SY": "syrian arab republic|syria",
    "RU": "russian federation|russia",
    "CN": "people s republic of china|china|prc",
    "HK": "hong kong|hong kong sar china",
    "MO": "macau|macao",
    "TW": "taiwan|republic of china|taiwan province of china",
    "VN": "viet nam|vietnam",
    "LA": "lao people s democratic republic|laos",
    "CD": "congo democratic republic of the|congo the democratic republic of the|"
    "democratic republic of the congo|drc",
    "CG": "congo republic of the|republic of the congo|congo",
    "CZ": "czechia|czech republic",
    "MK": "macedonia|north macedonia|the former yugoslav republic of macedonia",
    "MM": "burma|myanmar",
    "BN": "brunei darussalam|brunei",
    "BO": "bolivia plurinational state of|bolivia",
    "VE": "venezuela bolivarian republic of|venezuela",
    "TZ": "tanzania united republic of|tanzania",
    "MD": "moldova republic of|moldova",
    "CI": "cote d ivoire|ivory coast",
    "CV": "cabo verde|cape verde",
    "SZ": "eswatini|swaziland",
    "TL": "timor leste|east timor",
    "PS": "palestinian|palestine|state of palestine|west bank|region gaza|gaza",
    "VA": "holy see|vatican city|holy see vatican city state",
    "FK": "falkland islands|falkland islands malvinas",
    "FM": "micronesia|micronesia federated states of",
    "MX": "united mexican states",
    "CH": "swiss confederation",
    "SK": "slovak republic",
    "KG": "kyrgyz republic",
    "GR": "hellenic republic",
    "SH": "saint helena|st helena",
    "LC": "saint lucia|st lucia",
    "TR": "turkey|turkiye",
    "BS": "bahamas the|the bahamas",
    "GM": "gambia the|the gambia",
    "NL": "the netherlands|holland",
    "VG": "virgin islands british|british virgin islands",
    "VI": "virgin islands u s|us virgin islands|virgin islands of the united states",
    "XK": "kosovo",
    "BA": "bosnia and herzegovina|bosnia herzegovina",
    "TT": "trinidad and tobago",
    "AG": "antigua and barbuda",
    "KN": "saint kitts and nevis|st kitts and nevis",
    "VC": "saint vincent and the grenadines|st vincent and the grenadines",
    "ST": "sao tome and principe",
    "SS": "south sudan",
}
_ALPHA3 = (
    "AFG:AF ALB:AL DZA:DZ AND:AD AGO:AO ARG:AR ARM:AM AUS:AU AUT:AT AZE:AZ BHS:BS BHR:BH BGD:BD "
    "BRB:BB BLR:BY BEL:BE BLZ:BZ BEN:BJ BMU:BM BTN:BT BOL:BO BIH:BA BWA:BW BRA:BR BRN:BN BGR:BG "
    "BFA:BF BDI:BI KHM:KH CMR:CM CAN:CA CPV:CV CYM:KY CAF:CF TCD:TD CHL:CL CHN:CN COL:CO COM:KM "
    "COG:CG COD:CD CRI:CR CIV:CI HRV:HR CUB:CU CYP:CY CZE:CZ DNK:DK DJI:DJ DOM:DO ECU:EC EGY:EG "
    "SLV:SV GNQ:GQ ERI:ER EST:EE SWZ:SZ ETH:ET FJI:FJ FIN:FI FRA:FR GAB:GA GMB:GM GEO:GE DEU:DE "
    "GHA:GH GIB:GI GRC:GR GTM:GT GIN:GN GNB:GW GUY:GY HTI:HT HND:HN HKG:HK HUN:HU ISL:IS IND:IN "
    "IDN:ID IRN:IR IRQ:IQ IRL:IE IMN:IM ISR:IL ITA:IT JAM:JM JPN:JP JEY:JE JOR:JO KAZ:KZ KEN:KE "
    "PRK:KP KOR:KR KWT:KW KGZ:KG LAO:LA LVA:LV LBN:LB LSO:LS LBR:LR LBY:LY LIE:LI LTU:LT LUX:LU "
    "MAC:MO MDG:MG MWI:MW MYS:MY MDV:MV MLI:ML MLT:MT MHL:MH MRT:MR MUS:MU MEX:MX MDA:MD MCO:MC "
    "MNG:MN MNE:ME MAR:MA MOZ:MZ MMR:MM NAM:NA NPL:NP NLD:NL NZL:NZ NIC:NI NER:NE NGA:NG MKD:MK "
    "NOR:NO OMN:OM PAK:PK PAN:PA PNG:PG PRY:PY PER:PE PHL:PH POL:PL PRT:PT PRI:PR QAT:QA ROU:RO "
    "RUS:RU RWA:RW KNA:KN LCA:LC VCT:VC WSM:WS SMR:SM STP:ST SAU:SA SEN:SN SRB:RS SYC:SC SLE:SL "
    "SGP:SG SVK:SK SVN:SI SOM:SO ZAF:ZA SSD:SS ESP:ES LKA:LK SDN:SD SUR:SR SWE:SE CHE:CH SYR:SY "
    "TWN:TW TJK:TJ TZA:TZ THA:TH TLS:TL TGO:TG TTO:TT TUN:TN TUR:TR TKM:TM UGA:UG UKR:UA ARE:AE "
    "GBR:GB USA:US URY:UY UZB:UZ VUT:VU VEN:VE VNM:VN VGB:VG VIR:VI YEM:YE ZMB:ZM ZWE:ZW "
    "ABW:AW AIA:AI ALA:AX ASM:AS ATA:AQ ATF:TF ATG:AG BES:BQ BLM:BL BVT:BV CCK:CC COK:CK CUW:CW "
    "CXR:CX DMA:DM ESH:EH FLK:FK FRO:FO FSM:FM GGY:GG GLP:GP GRD:GD GRL:GL GUF:GF GUM:GU HMD:HM "
    "IOT:IO KIR:KI MAF:MF MNP:MP MSR:MS MTQ:MQ MYT:YT NCL:NC NFK:NF NIU:NU NRU:NR PCN:PN PLW:PW "
    "PSE:PS PYF:PF REU:RE SGS:GS SHN:SH SJM:SJ SLB:SB SPM:PM SXM:SX TCA:TC TKL:TK TON:TO TUV:TV "
    "UMI:UM VAT:VA WLF:WF XKX:XK"
)
LONGEST = 200  # characters
_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"[^a-z0-9]+")
# The formal part of a state's name, before it or, in lists, behind it: "Peru, Republic of".
_FORMAL = (
    r"(?:[a-z]+ )*?(?:republic|kingdom|state|states|commonwealth|principality|sultanate|"
    r"federation|duchy|union)"
)
_BEFORE = re.compile(rf"(?:the )?{_FORMAL} of (?:the )?(?P<name>.+)")
_BEHIND = re.compile(rf"(?:the )?{_FORMAL}(?: of)?(?: the)?")


def _key(text: str) -> str:
    return _BLANKS.sub(" ", plain(text)).strip()


def _english(names: dict[str, str]) -> str:
    """Return the English name; the data points to another language's entry by `*`."""
    name = names.get("en", "")
    return names.get(name[1:], "") if name.startswith("*") else name


@cache
def names() -> dict[str, str]:
    """Return code by folded English name, further names included."""
    return {
        **{_key(_english(said)): code for code, said in _locales().items() if _english(said)},
        **{name: code for code, said in _ALIASES.items() for name in said.split("|")},
    }


@cache
def codes() -> frozenset[str]:
    """Return the ISO 3166 alpha-2 codes."""
    return frozenset(_locales()) | set(_ALIASES)


def _locales() -> dict[str, dict[str, str]]:
    # The names lie beside a gazetteer of all phone areas, half a second to import.
    from phonenumbers.geodata.locale import LOCALE_DATA

    return LOCALE_DATA


_BY_ALPHA3 = dict(pair.split(":") for pair in _ALPHA3.split())


def find(text: str) -> str | None:
    """Return the code that a name means, None where it is no country's English name."""
    # Parts of addresses are asked about, most of them with a number: no country's name has one.
    return None if _DIGIT.search(text) else _found(text)


@lru_cache(maxsize=16_384)
def _found(text: str) -> str | None:
    return names().get(_key(text))


def fold(text: str) -> str:
    """Return the ISO 3166 alpha-2 code of a code or an English name; raises ValueRefused."""
    upper = bounded(text, LONGEST).strip().upper()
    if upper in codes():
        return upper
    found = _BY_ALPHA3.get(upper) or find(text) or _formal(_key(text))
    if found is None:
        remedy = "use an ISO 3166 code or the English name"
        raise ValueRefused(f"unknown country {text[:60]!r}", remedy)
    return found


def _formal(key: str) -> str | None:
    """Return the code of a formal name; not for parts of an address, where states have some too."""
    before = _BEFORE.fullmatch(key)
    if before:
        return names().get(before["name"])
    words = key.split(" ")
    for size in range(1, len(words)):
        name, rest = " ".join(words[:size]), " ".join(words[size:])
        if name in names() and _BEHIND.fullmatch(rest):
            return names()[name]
    return None
