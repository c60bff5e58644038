"""Evidence models: tables by which a detection may weigh, saved and found by name."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load
from queries.schema.findings import EvidenceModel


@dataclass(frozen=True, slots=True)
class SavedModel:
    """A model that was written: its id `name@version`."""

    id: str


SAVE_MODEL = load(__package__, "save_model", SavedModel)
MODELS = load(__package__, "models", EvidenceModel)
