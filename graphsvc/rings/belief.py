"""Member belief and tiers: who inside a ring is guilty with it, and how far one may act on that.

It must never let a picture speak against who had it first, nor put a seller up for a ban on
pictures alone or on what others merely claimed about themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from graphsvc.rings.columns import Bytes, Flags, Floats, Ints, Kind, Longs
from graphsvc.rings.distinct import rising
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links, components, ends
from graphsvc.rings.score import Groups
from graphsvc.rings.weigh import Pairs

_UTMOST = 500.0  # log-odds; beyond it nothing is surer and numbers overflow


class Tier(IntEnum):
    """What may be done: nothing, look at it, or plan a ban."""

    NONE = 0
    REVIEW = 1
    BAN = 2

    @property
    def word(self) -> str:
        """The word of the outside interface: none, review or ban."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """What is known of each seller: own evidence in nats, posterior log-odds, identifier ties."""

    own: Floats
    log_odds: Floats
    ties: Longs


def posterior(
    own: Floats, links: Links, parameters: Parameters, *, asked: Flags | None = None
) -> Floats:
    """Return each seller's posterior log-odds of being counterfeit, by sum-product.

    `own` are the members' own terms in nats. A message i -> j is
    ln[(P q/pi + 1 - P) / (P (1-q)/(1-pi) + 1 - P)] with q the belief of i without j and P as it
    speaks towards j; all messages move together, `sweeps` times: exact on trees of at most that
    diameter. Components with nobody who is `asked` are left out: there only own terms count.
    """
    prior = parameters.prior
    belief: Floats = own + np.log(prior / (1 - prior))
    mine = np.arange(links.a.size) if asked is None else _reached(links, asked)
    linked, (a, b) = ends(links.sellers, links.a[mine], links.b[mine])
    source, target = np.concatenate([a, b]), np.concatenate([b, a])
    towards = np.concatenate([links.to_b[mine], links.to_a[mine]])
    p = np.minimum(towards, parameters.max_link)
    start = told = belief[linked]
    both, neither, none = p / prior, p / (1 - prior), 1 - p
    reverse = np.roll(np.arange(source.size), -a.size)
    message, moving = np.zeros(source.size), np.arange(source.size)
    for _ in range(parameters.sweeps):
        # q / (1 - q), the odds without what came from j: one power where q itself takes more.
        odds = np.exp(np.minimum(told[source[moving]] - message[reverse[moving]], _UTMOST))
        either = none[moving] * (1 + odds)
        sent = np.log((both[moving] * odds + either) / (neither[moving] + either))
        changed = sent != message[moving]
        if not changed.any():
            break
        message[moving] = sent
        before, told = told, start + np.bincount(target, weights=message, minlength=linked.size)
        # What nothing has reached anew would say the same again, to the last bit.
        answers = np.zeros(source.size, dtype=np.bool_)
        answers[reverse[moving[changed]]] = True
        moving = np.flatnonzero(answers | (told != before)[source])
    belief[linked] = told
    return belief


def _reached(links: Links, asked: Flags) -> Longs:
    """Return the places of the links of every component that holds an asked seller."""
    label = components(links.sellers, links.a, links.b)
    reached = np.zeros(label.size, dtype=np.bool_)
    reached[label[asked]] = True
    return np.flatnonzero(reached[label[links.a]])


def identifier_ties(pairs: Pairs, links: Links, label: Ints) -> Longs:
    """Count for each seller the distinct identifiers that link it to members of its group.

    Only ties under a link (P >= theta) count; all addresses of one building count as one.
    """
    kept = _within(pairs, links, label)
    return _distinct(pairs, pairs.ties.place, (kept, kept), label.size)


def ban_ties(pairs: Pairs, firm: Links, label: Ints) -> Longs:
    """Count of those the ones that may carry a ban: no side merely declares them about itself.

    All pictures together count as one, for who takes one picture takes many, and only beside a
    tie of another kind, for anybody can take them; for who had it first a picture counts not at
    all.
    """
    ties = pairs.ties
    kept = _within(pairs, firm, label)
    kept = kept[ties.firm[kept]]
    image = ties.kind[kept] == Kind.IMAGE
    shown, other = kept[image], kept[~image]
    others = _distinct(pairs, ties.place, (other, other), label.size)
    sides = (shown[~ties.first_a[shown]], shown[~ties.first_b[shown]])
    pictured = _distinct(pairs, np.zeros_like(ties.place), sides, label.size)
    return np.where(others > 0, others + pictured, 0)


def _within(pairs: Pairs, links: Links, label: Ints) -> Longs:
    """Return the places of the ties that lie under a link inside a group."""
    linked = np.zeros(pairs.a.size, dtype=np.bool_)
    linked[links.pair] = label[links.a] == label[links.b]
    return np.flatnonzero(linked[pairs.ties.pair])


def _distinct(pairs: Pairs, thing: Ints, kept: tuple[Longs, Longs], sellers: int) -> Longs:
    """Count the distinct things of each seller, over the ties kept for side a and for side b."""
    sides = zip((pairs.a, pairs.b), kept, strict=True)
    seller = np.concatenate([side[pairs.ties.pair[mine]] for side, mine in sides])
    tied = np.concatenate([thing[mine] for mine in kept]).astype(np.int64)
    key = rising(tied * max(sellers, 1) + seller)
    return np.bincount(key % max(sellers, 1), minlength=sellers).astype(np.int64)


def firm_parts(pairs: Pairs, firm: Links, label: Ints) -> Ints:
    """Return each seller's group once self-declared ties are left out, as its least member.

    A group without such ties stands as it is; another is taken apart along its firm links.
    """
    ties = pairs.ties
    claimed = ties.pair[~ties.firm]
    claimed = claimed[label[pairs.a[claimed]] == label[pairs.b[claimed]]]
    shaken = np.zeros(label.size, dtype=np.bool_)
    shaken[label[pairs.a[claimed]]] = True
    within = label[firm.a] == label[firm.b]
    part = components(label.size, firm.a[within], firm.b[within])
    return np.where(shaken[label], part, label)


def held_firmly(part: Ints, own: Floats, groups: Groups, parameters: Parameters) -> Flags:
    """Tell which sellers sit in a flagged ring still when self-declared ties are left out.

    `part` are the `firm_parts`: where a group falls apart, each must be flagged by itself.
    """
    label, apart = groups.label, np.zeros(part.size, dtype=np.bool_)
    apart[label[part != label]] = True
    large = np.bincount(part, minlength=part.size) >= parameters.min_size
    total = np.bincount(part, weights=own, minlength=part.size)
    alone = large & (total > parameters.flag_score)
    held: Flags = groups.flagged[label] & np.where(apart[label], alone[part], True)
    return held


def tiers(groups: Groups, held: Flags, firm: Members, parameters: Parameters) -> Bytes:
    """Return each seller's Tier; `firm` are the members by what may carry a ban.

    Ban: in a ring flagged firmly, belief above `ban_log_odds`, and `ban_ties` ties, or one and own
    evidence above `ban_own`. Review: the rest of a flagged ring, and every sure group.
    """
    own = (firm.ties > 0) & (firm.own > parameters.ban_own)
    corroborated = own | (firm.ties >= parameters.ban_ties)
    ban = held & (firm.log_odds > parameters.ban_log_odds) & corroborated
    review = (groups.flagged | groups.sure)[groups.label]
    return np.where(ban, Tier.BAN, np.where(review, Tier.REVIEW, Tier.NONE)).astype(np.uint8)
