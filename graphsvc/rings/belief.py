"""Member belief and tiers: who inside a ring is guilty with it, and how far one may act on that.

It must never let guilt flow to the first owner of a picture over pictures alone, nor put a
seller up for a ban on what others merely claimed about themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import expit

from graphsvc.rings.columns import Bytes, Flags, Floats, Ints, Longs
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links, components
from graphsvc.rings.score import Groups
from graphsvc.rings.weigh import Pairs


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


def posterior(own: Floats, links: Links, parameters: Parameters) -> Floats:
    """Return each seller's posterior log-odds of being counterfeit, by sum-product.

    `own` are the members' own terms in nats. A message i -> j is
    ln[(P q/pi + 1 - P) / (P (1-q)/(1-pi) + 1 - P)] with q the belief of i without j; all
    messages move together, `sweeps` times: exact on trees of at most that diameter.
    """
    prior = parameters.prior
    source = np.concatenate([links.a, links.b])
    target = np.concatenate([links.b, links.a])
    owner = np.concatenate([links.owner, links.owner])
    p = np.where(owner == target, 0.0, np.concatenate([links.p, links.p]))
    p = np.minimum(p, parameters.max_link)
    start = own + np.log(prior / (1 - prior))
    message = np.zeros(source.size)
    half = links.a.size
    belief: Floats = start
    for _ in range(parameters.sweeps):
        back = np.concatenate([message[half:], message[:half]])
        q = expit(belief[source] - back)
        message = np.log((p * q / prior + 1 - p) / (p * (1 - q) / (1 - prior) + 1 - p))
        belief = start + np.bincount(target, weights=message, minlength=own.size)
    return belief


def identifier_ties(pairs: Pairs, links: Links, label: Ints, *, firm: bool = False) -> Longs:
    """Count for each seller the distinct identifiers that link it to members of its group.

    Only ties under a link (P >= theta) count; `firm` leaves out those with a self-declared side.
    """
    linked = np.zeros(pairs.a.size, dtype=np.bool_)
    linked[links.pair] = label[links.a] == label[links.b]
    ties = pairs.ties
    kept = linked[ties.pair] & (ties.firm if firm else True)
    pair, identifier = ties.pair[kept], ties.identifier[kept].astype(np.int64)
    seller = np.concatenate([pairs.a[pair], pairs.b[pair]])
    key = np.unique(np.concatenate([identifier, identifier]) * max(label.size, 1) + seller)
    return np.bincount(key % max(label.size, 1), minlength=label.size).astype(np.int64)


def held_firmly(
    pairs: Pairs, firm: Links, own: Floats, groups: Groups, parameters: Parameters
) -> Flags:
    """Tell which sellers sit in a flagged ring still when self-declared ties are left out.

    A group without such ties stands as it is; another is taken apart along its firm links, and
    each part must be flagged by itself.
    """
    label = groups.label
    ties = pairs.ties
    claimed = np.unique(ties.pair[~ties.firm])
    claimed = claimed[label[pairs.a[claimed]] == label[pairs.b[claimed]]]
    shaken = np.zeros(label.size, dtype=np.bool_)
    shaken[label[pairs.a[claimed]]] = True
    within = label[firm.a] == label[firm.b]
    part = components(label.size, firm.a[within], firm.b[within])
    large = np.bincount(part, minlength=label.size) >= parameters.min_size
    total = np.bincount(part, weights=own, minlength=label.size)
    alone = large & (total > parameters.flag_score)
    held: Flags = groups.flagged[label] & np.where(shaken[label], alone[part], True)
    return held


def tiers(groups: Groups, held: Flags, firm: Members, parameters: Parameters) -> Bytes:
    """Return each seller's Tier; `firm` are the members with self-declared ties left out.

    Ban: in a ring flagged firmly, belief above `ban_log_odds`, and `ban_ties` identifiers or own
    evidence above `ban_own`. Review: the rest of a flagged ring, and every sure group.
    """
    corroborated = (firm.ties >= parameters.ban_ties) | (firm.own > parameters.ban_own)
    ban = held & (firm.log_odds > parameters.ban_log_odds) & corroborated
    review = (groups.flagged | groups.sure)[groups.label]
    return np.where(ban, Tier.BAN, np.where(review, Tier.REVIEW, Tier.NONE)).astype(np.uint8)
