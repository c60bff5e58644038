"""What a run learned of its market, by which another state of that market can be judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import Conflict, InputRefused
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Calibration
from queries.schema.findings import DetectionRun, EvidenceModel

FORMAT = "graphsvc evidence model 1"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The tables of a run; whoever is judged by the same is judged alike, whatever else there is.

    `calibration` is P(one operator) and `coupling` P(guilty together) of what is shared, None where
    that was not learned, and then neither was `membership`: the weights of what a member's ring
    says of it. `risk` is ln f1/f0 for each equal bin of 0..1, None likewise; `reported`
    tells whether there was any report, without which a missing one says nothing.
    """

    calibration: Calibration
    coupling: Calibration | None
    risk: tuple[float, ...] | None
    reported: bool
    membership: tuple[float, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object that a run keeps."""
        told: dict[str, Any] = self.calibration.as_json()
        told |= {"risk": self.risk, "reported": self.reported}
        if self.coupling is not None:
            told["coupling"] = self.coupling.as_json()["pi"]
        if self.membership is not None:
            told["membership"] = self.membership
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Model:
        """Return the Model that `as_json` told; raises ValueError for an impossible one.

        Runs of before they were kept tell no risk and no membership and count as reported.
        """
        coupling = told.get("coupling")
        risk, membership = told.get("risk"), told.get("membership")
        return cls(
            calibration=Calibration.from_json(told),
            coupling=coupling and Calibration.from_json({"source": "coupling", "pi": coupling}),
            risk=None if risk is None else tuple(map(float, risk)),
            reported=bool(told.get("reported", True)),
            membership=None if membership is None else tuple(map(float, membership)),
        )


def model_of(run: DetectionRun, parameters: Parameters) -> Model:
    """Return the tables that a finished run kept; raises Conflict where they are of no use here."""
    return recorded(f"run {run.id}", run.calibration, run.parameters, parameters)


def recorded(
    owner: str, tables: str | None, learned_with: str | None, parameters: Parameters
) -> Model:
    """Return the Model of tables (JSON) that were learned with some parameters (JSON).

    Raises Conflict where they were learned with other numbers than `parameters`.
    """
    if not tables or json.loads(learned_with or "{}") != parameters.as_json():
        raise Conflict(f"{owner} was weighed with other numbers than this version would use")
    return Model.from_json(json.loads(tables))


def usable(found: EvidenceModel, parameters: Parameters) -> Model:
    """Return the tables of a saved model; raises Conflict where they are of no use here."""
    return recorded(f"model {found.id}", found.tables, found.parameters, parameters)


def as_file(found: EvidenceModel) -> dict[str, Any]:
    """Return the object that `rings models NAME --json` prints and `dry-run --model` reads."""
    return {
        "format": FORMAT,
        "id": found.id,
        "source": found.source,
        "created_at": found.created_at,
        "input_digest": found.input_digest,
        "parameters": json.loads(found.parameters or "{}"),
        "tables": json.loads(found.tables or "{}"),
        "reliability": json.loads(found.reliability or "{}"),
    }


def from_file(text: str, parameters: Parameters) -> Model:
    """Return the tables of a model file.

    Raises InputRefused where it is none, Conflict where it was learned with other numbers.
    """
    try:
        told = json.loads(text)
        known = isinstance(told, dict) and told.get("format") == FORMAT
    except ValueError:
        known = False
    if not known:
        raise InputRefused(f"no model file: `format` must be {FORMAT!r} (rings models NAME --json)")
    try:
        tables, learned_with = (json.dumps(told[name]) for name in ("tables", "parameters"))
        return recorded(f"model {told['id']}", tables, learned_with, parameters)
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefused(f"a broken model file: {error}") from None
