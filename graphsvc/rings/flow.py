"""What guilt flows along: links by what sharing tells of guilt, and what of them may carry a ban.

It must never group anybody: who is in a ring was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.rings import belief, project, weigh
from graphsvc.rings.columns import Ints
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links
from graphsvc.rings.weigh import Calibration, Pairs, Ties


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Pairs and their links; `firm` are the links without what a side merely declares of itself.

    `part` is each seller's group as firm links leave it, `whole` whether they leave all as it was.
    `parameters` are the numbers that hold here.
    """

    pairs: Pairs
    links: Links
    firm: Links
    part: Ints
    whole: bool
    parameters: Parameters


def flow(pairs: Pairs, links: Links, label: Ints, parameters: Parameters) -> Flow:
    """Return what guilt flows along in groups, by these pairs and links."""
    if pairs.ties.firm.all():
        return Flow(pairs, links, links, label, True, parameters)
    firm = project.links(pairs, parameters, firm=True)
    part = belief.firm_parts(pairs, firm, label)
    return Flow(pairs, links, firm, part, False, parameters)


def coupled(ties: Ties, label: Ints, table: Calibration, parameters: Parameters) -> Flow:
    """Return the same by a table of who is guilty together; the ties are `coupling.beside_home`."""
    parameters = parameters.coupled()
    pairs = weigh.weigh(ties, table, parameters)
    return flow(pairs, project.links(pairs, parameters), label, parameters)
