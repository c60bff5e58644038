"""Mapping files: how somebody else's columns become ours; checked whole before the first row."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingest.errors import MappingRefused

REMEDY = "see docs/guide.md on mapping files"


class Joined(BaseModel):
    """Several columns joined; empty parts are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: list[str] = Field(alias="from", min_length=1)
    join: str = " "


class Constant(BaseModel):
    """The same text for every row."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    const: str | int | float


class Template(BaseModel):
    """A text with columns in braces; empty where one of them is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    template: str

    @field_validator("template")
    @classmethod
    def _plain_fields(cls, text: str) -> str:
        for _, name, form, conversion in Formatter().parse(text):
            if name is not None and (form or conversion or not name or "." in name or "[" in name):
                raise ValueError("braces hold a column's name and nothing else")
        return text

    @property
    def columns(self) -> list[str]:
        """Return the columns that the template names."""
        return [name for _, name, _, _ in Formatter().parse(self.template) if name]


Theirs = str | Joined | Constant | Template
Wanted = dict[str, str | list[str]]


class Mapping(BaseModel):
    """A mapping file: the platform and source, the columns, how values are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str | None = None
    platform: str | None = None
    source: str | None = None
    columns: dict[str, Theirs] = Field(default_factory=dict)
    empty: list[str] = Field(default_factory=lambda: [""])
    dates: str | None = None
    decimal: Literal[".", ","] = "."
    delimiter: str = ","
    encoding: str = "utf-8"
    ignore: list[str] | Literal["rest"] = Field(default_factory=list)
    skip: Wanted = Field(default_factory=dict)
    where: Wanted = Field(default_factory=dict)


class _OnceLoader(yaml.SafeLoader):
    """Safe YAML in which a key may stand only once."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} stands there twice")
        return super().construct_mapping(node, deep)


def load_mapping(path: Path) -> Mapping:
    """Return the mapping that a YAML file holds; raises MappingRefused naming the key."""
    try:
        text = path.read_text("utf-8")
        found = yaml.load(text, Loader=_OnceLoader) or {}  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise MappingRefused(str(path), error.strerror or "unreadable", "check the path") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:300]
        raise MappingRefused(str(path), f"not YAML: {reason}", REMEDY) from None
    if not isinstance(found, dict):
        raise MappingRefused(str(path), "not a mapping of keys to values", REMEDY)
    try:
        return Mapping.model_validate(found)
    except ValidationError as error:
        raise MappingRefused(str(path), _first(error), REMEDY) from None


def _first(error: ValidationError) -> str:
    """Return the first complaint with its key, written as in the file."""
    complaint = error.errors(include_input=False, include_url=False)[0]
    inner = {"Joined", "Constant", "Template", "str", "list[str]"}
    place = ".".join(str(part) for part in complaint["loc"] if str(part) not in inner)
    if complaint["type"] == "extra_forbidden":
        return f"unknown key {place}; known: {', '.join(Mapping.model_fields)}"
    return f"{place}: {complaint['msg']}"
