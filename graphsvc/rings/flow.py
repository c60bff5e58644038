"""What guilt flows along: links by what sharing tells of guilt, and what of them may carry a ban.

It must never group anybody: who is in a ring was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.rings import belief, coupling, project, weigh
from graphsvc.rings.columns import Ints
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links
from graphsvc.rings.weigh import Calibration, Pairs


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


def flow(
    pairs: Pairs, links: Links, label: Ints, table: Calibration | None, parameters: Parameters
) -> Flow:
    """Return what guilt flows along in groups, by a table of who is guilty together.

    Without one it flows along these links, which say that there is one operator.
    """
    if table is not None:
        parameters = parameters.coupled()
        ties = coupling.beside_home(pairs.ties, parameters)
        pairs = weigh.weigh(ties, table, parameters)
        links = project.links(pairs, parameters)
    if pairs.ties.firm.all():
        return Flow(pairs, links, links, label, True, parameters)
    firm = project.links(pairs, parameters, firm=True)
    part = belief.firm_parts(pairs, firm, label)
    return Flow(pairs, links, firm, part, False, parameters)
