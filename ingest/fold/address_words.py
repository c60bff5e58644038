"""What words of an address mean the same; tables only."""

from __future__ import annotations

_SAME = """
street: str strt straat
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
building: bldg bld blg bldng
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
county: co cnty
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
walk: wlk
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
strasse: strasze
gasse: gss
platz: plat
allee: all
ring: rg
ufer: uf
calle: c cl/ calle.
carretera: ctra carr
paseo: pso
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
gatan: gata g.
vagen: vag vg
vej: vj
gade: gd
katu: k.
ulica: ul ulitsa ulice uliza
prospekt: prosp prospect prkt
pereulok: per
naberezhnaya: nab
proezd: pr-d
shosse: sh
aleja: al
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
# A single letter is a direction or an initial: only n, s and w, e beside a word are turned.
ARTICLES = frozenset(
    _listed(
        "the of at la le les l el los las de del della dei di da do dos das du des d der die den "
        "dem van von zu zum zur im am aan het een op in og i och and y e et und en"
    )
)
NUMBERED = frozenset(_listed("no nr num number numero nummer nro n d dom haus house"))
COUNTS = {
    word: str(number)
    for number, word in enumerate(
        _listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {
    word: str(number)
    for number, word in enumerate(
        _listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        ),
        start=1,
    )
}
SUFFIXES = {
    "strasse": "strasse",
    "str": "strasse",
    "gasse": "gasse",
    "platz": "platz",
    "allee": "allee",
    "straat": "street",
    "laan": "laan",
    "plein": "plein",
    "gracht": "gracht",
    "gatan": "gatan",
    "vagen": "vagen",
    "gade": "gade",
    "vej": "vej",
    "utca": "utca",
}
UNIT_WORDS = (
    "apartment|apartamento|appartement|apt|apto|appt|app|unit|suite|ste|flat|flt|room|rm|office|"
    "oficina|ofic|ofc|of|dept|depto|departamento|wohnung|whg|lokal|lok|kv|lgh|bus|shop|studio|"
    "puerta|pta|porta|sala|box"
)
FLOOR_WORDS = "floor|flr|fl|etage|etg|og|piso|andar|piano|planta|poschodie|kat|level|lvl|et"
