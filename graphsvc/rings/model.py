"""What a run learned of its market, by which another state of that market can be judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import Conflict
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Calibration
from queries.schema.findings import DetectionRun


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The tables of a run; whoever is judged by the same is judged alike, whatever else there is.

    `calibration` is P(one operator) and `coupling` P(guilty together) of what is shared, None where
    that was not learned; `risk` is ln f1/f0 for each equal bin of 0..1, None likewise; `reported`
    tells whether there was any report, without which a missing one says nothing.
    """

    calibration: Calibration
    coupling: Calibration | None
    risk: tuple[float, ...] | None
    reported: bool

    def as_json(self) -> dict[str, Any]:
        """Return the object that a run keeps."""
        told: dict[str, Any] = self.calibration.as_json()
        told |= {"risk": self.risk, "reported": self.reported}
        if self.coupling is not None:
            told["coupling"] = self.coupling.as_json()["pi"]
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Model:
        """Return the Model that `as_json` told; raises ValueError for an impossible one.

        Runs of before it was kept tell no risk and count as reported.
        """
        coupling = told.get("coupling")
        risk = told.get("risk")
        return cls(
            calibration=Calibration.from_json(told),
            coupling=coupling and Calibration.from_json({"source": "coupling", "pi": coupling}),
            risk=None if risk is None else tuple(map(float, risk)),
            reported=bool(told.get("reported", True)),
        )


def model_of(run: DetectionRun, parameters: Parameters) -> Model:
    """Return the tables that a finished run kept; raises Conflict where they are of no use here."""
    if not run.calibration or json.loads(run.parameters or "{}") != parameters.as_json():
        raise Conflict(f"run {run.id} was weighed with other numbers than this version would use")
    return Model.from_json(json.loads(run.calibration))
