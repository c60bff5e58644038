"""What words of an address mean the same, in a dozen languages; tables only, no rules."""

from __future__ import annotations

_SAME = """
street: str strt straat strasse strasze
avenue: av ave aven avda avenida avd aveniu
road: rd
lane: ln
drive: dr drv
court: ct crt
place: pl plc
square: sq sqr
boulevard: blvd boul bd bld bulvar bulevar blv
highway: hwy hgwy
parkway: pkwy pky
crescent: cres cresc crs
gardens: gdns gdn garden
terrace: ter terr tce
close: cl clo
grove: grv gro
green: grn
park: pk
hill: hl
house: hse hs
building: bldg bld blg bldng build edificio edif edf immeuble imm gebaude geb korpus korp byg
centre: center ctr cntr cent
industrial: ind indl
estate: est
business: bus
trading: trdg
floor: flr
tower: twr
mount: mt mnt
saint: sainte
north: n nth
south: sth
east: e
west: w
northeast: ne
northwest: nw
southeast: se
southwest: sw
upper: upr
lower: lwr
great: gt grt
little: lit
county: cnty
station: stn sta
market: mkt
villas: vls
cottage: cott cttg
cottages: cotts
farm: fm
bridge: brg bri
valley: vly
island: isl
junction: jct
turnpike: tpke
expressway: expy
freeway: fwy
route: rte
circle: cir circ
trail: trl
walk: wlk wk
row: rw
mews: mws
parade: pde prde
quay: qy
wharf: whf
yard: yd
rise: rse
chase: chse
lodge: ldg
manor: mnr
mall: mll
block: blk
phase: ph
plot: plt
sector: sec sect
warehouse: whse
way: wy
alley: aly
bay: by
beach: bch
crossing: xing
heights: hts
landing: lndg
meadow: mdw
meadows: mdws
plaza: plz pza plza piazza
point: pt
ridge: rdg
river: riv
shore: shr
spring: spg
springs: spgs
view: vw
village: vlg
ville: vl
gasse: gss
platz: plat
allee: all
ring: rg
ufer: uf
calle: c cl/ calle.
carretera: ctra carr
paseo: pso po
camino: cno
travesia: trva
poligono: pol plgno
urbanizacion: urb
colonia: col
rua: r rúa
travessa: tv trav
largo: lg
praca: pca prc
estrada: estr
rodovia: rod
rue: rue.
chemin: ch chem
impasse: imp
faubourg: fbg fg
quai: q
cours: crs.
via: v
viale: vle vl.
corso: cso
strada: stra
vicolo: vico
laan: ln.
weg: wg
plein: pln
gracht: gr
kade: kd
gatan: gata g
vagen: vag vg
vej: vj
gade: gd
katu: k.
ulica: ul ulitsa ulice uliza
prospekt: prosp prospect prkt
pereulok: per pereulki
naberezhnaya: nab
proezd: pr-d
shosse: sh
osiedle: os
utca: u
ter: tere
korut: krt
cadde: cad caddesi cd
sokak: sok sokagi sk
mahalle: mah mahallesi mh
bulvari: blv.
jalan: jln jl
"""


def _listed(words: str) -> list[str]:
    return words.split()


SAME: dict[str, str] = {
    short: word
    for line in _SAME.strip().splitlines()
    for word, shorts in [line.split(": ")]
    for short in shorts.split()
    if short.isalnum()
}
# Dropped wherever they stand; Polish and Arabic "al" are too many things to be told apart.
ARTICLES = frozenset(
    _listed(
        "the of at la le les l el los las de del della dei di da do dos das du des d der die den "
        "dem van von zu zum zur im am aan het een op in og i och and y e et und en al aleja aleje "
        "alei near nearest"
    )
)
NUMBERED = frozenset(_listed("no nr num number numero nummer nro n d dom haus casa"))
_CARDINALS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = _listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
COUNTS = {word: str(number) for number, word in enumerate(_CARDINALS)}
ORDINALS = {word: str(number) for number, word in enumerate(_ORDINALS, start=1)}
STOREYS = {
    **ORDINALS,
    "primer": "1",
    "primeiro": "1",
    "segundo": "2",
    "tercer": "3",
    "cuarto": "4",
    "lower ground": "basement",
    "planta": "ground",
}
# What stands at the end of one word in some languages: Hauptstrasse, Kerkstraat, Storgatan.
SUFFIXES = {
    "strasse": "street",
    "str": "street",
    "gasse": "gasse",
    "platz": "platz",
    "pl": "platz",
    "allee": "allee",
    "weg": "weg",
    "damm": "damm",
    "ufer": "ufer",
    "straat": "street",
    "laan": "laan",
    "ln": "laan",
    "plein": "plein",
    "pln": "plein",
    "gracht": "gracht",
    "kade": "kade",
    "gatan": "gatan",
    "vagen": "vagen",
    "veien": "veien",
    "gade": "gade",
    "vej": "vej",
    "utca": "utca",
    "korut": "korut",
}
WHOLE = frozenset(_listed("lincoln norweg arkade brigade parkade"))
# With a number these name a part of a place, not a street.
GENERIC = frozenset(
    _listed(
        "building house block plot phase sector section lot gate stand warehouse tower hall wing "
        "centre plaza complex terminal dock litera liter zone zona km kilometre post stage part "
        "north south east west estate business industrial trading park"
    )
)
# English words that end a street's name.
STREETS = frozenset(
    _listed(
        "street road lane drive avenue court place square boulevard highway parkway crescent "
        "gardens terrace close grove way walk row mews parade hill green rise chase quay wharf "
        "yard circle trail alley crossing turnpike park estate"
    )
)
# Words that say what kind of street it is and nothing else.
KINDS = STREETS | frozenset(
    _listed(
        "calle carrera carretera paseo camino rua travessa rue chemin via viale corso "
        "gasse platz allee weg laan plein gracht gatan vej gade katu ulica prospekt pereulok "
        "proezd utca cadde sokak jalan expressway freeway route"
    )
)
WEAK_UNITS = "shop|offices?|studio|local|loc|lok|box|bus|sala|kiosk|stall"
UNIT_WORDS = (
    "apartment|apartamento|appartement|apt|apto|appt|app|unit|suite|ste|flat|flt|room|rm|"
    "oficina|ofic|ofc|ofis|of|dept|depto|departamento|dpto|wohnung|whg|lokal|kv|lgh|puerta|pta|"
    "porta|kabinet|kab|komnata|komn|pomeshchenie|pom|int|interior|despacho|zimmer|kontor|bureau|"
    f"boite|bte|daire|tuer|{WEAK_UNITS}"
)
FLOOR_WORDS = (
    "floor|flr|fl|etage|etg|og|piso|andar|piano|planta|poschodie|kat|level|lvl|et|emelet|kerros|"
    "verdieping"
)
# States whose name is the name of their town.
CITY_STATES = frozenset(_listed("SG HK MO MC GI VA LU KW DJ PA GT"))
# Where a postcode is a street or a house, so that a unit needs no house number beside it.
FINE_POSTCODES = frozenset(_listed("GB GG JE IM IE NL CA SG"))
NUMBER_BEHIND = frozenset(
    _listed("DE AT CH LI NL BE LU ES IT PT SE NO DK FI IS PL CZ SK HU SI HR RO RS BR AR MX CL")
)
# "5/12 High St" and "Polna 12/5": the flat stands before or behind the house number.
FLAT_BEFORE = frozenset(_listed("AU NZ"))
FLAT_BEHIND = frozenset(_listed("PL"))
# Where "#" is written before house numbers, and where "str. 8" is a building behind a house.
HASH_NUMBERS = frozenset(_listed("CO MX VE EC PE CL CR GT HN SV NI PA DO BO AR UY PY CU"))
CYRILLIC = frozenset(_listed("RU UA BY KZ KG"))
BRITISH_COUNTIES = frozenset(
    _listed(
        "bedfordshire berkshire buckinghamshire cambridgeshire cheshire cornwall cumbria "
        "derbyshire devon dorset essex gloucestershire hampshire herefordshire hertfordshire "
        "kent lancashire leicestershire lincolnshire merseyside middlesex norfolk northamptonshire "
        "northants northumberland nottinghamshire notts oxfordshire rutland shropshire somerset "
        "staffordshire suffolk surrey sussex warwickshire wiltshire worcestershire yorkshire "
        "beds berks bucks cambs herts hants lancs leics lincs oxon staffs wilts"
    )
) | {
    "county durham",
    "co durham",
    "east sussex",
    "west sussex",
    "greater manchester",
    "greater london",
    "isle of wight",
    "tyne and wear",
    "west midlands",
    "east yorkshire",
    "north yorkshire",
    "south yorkshire",
    "west yorkshire",
}
