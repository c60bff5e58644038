"""Mapping files: how somebody else's columns become ours; checked whole before the first row."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
)

from ingest.errors import MappingRefused, ValueRefused
from ingest.fold import country, value
from ingest.jobs.catalogue import JOBS
from ingest.sources.dialect import dialect_of

LONGEST, LONGEST_SOURCE = 1_000_000, 200  # characters
REMEDY = "see docs/guide.md on mapping files"
_QUOTE = "put it in quotes: YAML takes NO, yes, 1 and 2024-01-01 for something else than text"
_DAY = datetime(2001, 2, 3)  # noqa: DTZ001 - only its spelling is looked at


class Joined(BaseModel):
    """Several columns joined; empty parts are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: list[str] = Field(alias="from", min_length=1)
    join: str = " "


class Constant(BaseModel):
    """The same text for every row."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    const: str | int | float

    @field_validator("const", mode="before")
    @classmethod
    def _written(cls, found: object) -> object:
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise ValueError(f"text or a number is wanted; {_QUOTE}")
        if isinstance(found, float) and not math.isfinite(found):
            raise ValueError("a finite number is wanted")
        return found


class Template(BaseModel):
    """A text with columns in braces; empty where one of them is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    template: str

    @field_validator("template")
    @classmethod
    def _plain_fields(cls, text: str) -> str:
        for _, name, form, conversion in Formatter().parse(text):
            if name is not None and (form or conversion or not name or _is_expression(name)):
                raise ValueError("braces hold a column's name and nothing else")
        return text

    @property
    def columns(self) -> list[str]:
        """Return the columns that the template names."""
        return [name for _, name, _, _ in Formatter().parse(self.template) if name]


def _is_expression(name: str) -> bool:
    """Return whether Python would read more into the name than the key of a mapping."""
    return "." in name or "[" in name or name.isdigit()


def _shape(found: object) -> str | None:
    """Return which way of naming their columns was chosen."""
    if isinstance(found, str | Joined | Constant | Template):
        return "<name>" if isinstance(found, str) else f"<{type(found).__name__.lower()}>"
    if not isinstance(found, dict):
        return None
    marks = {"from": "<joined>", "const": "<constant>", "template": "<template>"}
    return next((shape for key, shape in marks.items() if key in found), None)


Name = Annotated[str, Field(min_length=1)]
Theirs = Annotated[
    Annotated[Name, Tag("<name>")]
    | Annotated[Joined, Tag("<joined>")]
    | Annotated[Constant, Tag("<constant>")]
    | Annotated[Template, Tag("<template>")],
    Discriminator(
        _shape,
        custom_error_type="theirs",
        custom_error_message="write a column's name, {from: [a, b], join: x}, {const: x} or "
        "{template: x}",
    ),
]
Wanted = dict[str, str | list[str]]


class Mapping(BaseModel):
    """A mapping file: the platform and source, the columns, how values are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str | None = None
    platform: str | None = None
    source: str | None = Field(default=None, pattern=r"\S", max_length=LONGEST_SOURCE)
    columns: dict[str, Theirs] = Field(default_factory=dict)
    empty: list[str] = Field(default_factory=lambda: [""])
    dates: str | None = None
    decimal: Literal[".", ","] = "."
    region: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    ignore: list[str] | Literal["rest"] = Field(default_factory=list)
    skip: Wanted = Field(default_factory=dict)
    where: Wanted = Field(default_factory=dict)

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str | None) -> str | None:
        if kind is not None and kind not in JOBS:
            raise ValueError(f"one of {', '.join(JOBS)} is wanted")
        return kind

    @field_validator("source")
    @classmethod
    def _usable_source(cls, source: str | None) -> str | None:
        try:
            return source and value.text(source, LONGEST_SOURCE)
        except ValueRefused as refused:
            raise ValueError(f"{refused.reason}; {refused.remedy}") from None

    @field_validator("platform")
    @classmethod
    def _usable_platform(cls, platform: str | None) -> str | None:
        try:
            return platform and value.platform(platform)
        except ValueRefused as refused:
            raise ValueError(f"{refused.reason}; {refused.remedy}") from None

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str | None) -> str | None:
        try:
            return region and country.fold(region)
        except ValueRefused as refused:
            raise ValueError(f"{refused.reason}; {refused.remedy}") from None

    @field_validator("dates")
    @classmethod
    def _tells_the_year(cls, pattern: str | None) -> str | None:
        # strptime reads a date without a year as one of 1900.
        if pattern is not None and datetime.strptime(_DAY.strftime(pattern), pattern).year != 2001:  # noqa: DTZ007
            raise ValueError("a pattern such as %d %b %Y, with the year, is wanted")
        return pattern

    @field_validator("ignore", mode="before")
    @classmethod
    def _rest_or_names(cls, found: object) -> object:
        if found != "rest" and not _is_texts(found):
            raise ValueError(f"`rest` or a list of columns is wanted; {_QUOTE}")
        return found

    @field_validator("skip", "where", mode="before")
    @classmethod
    def _texts_by_column(cls, found: object) -> object:
        if not isinstance(found, dict):
            raise ValueError("column: value, or column: [value, value] is wanted")
        for column, wanted in found.items():
            if not isinstance(wanted, str) and not _is_texts(wanted):
                raise ValueError(f"{column}: a text or a list of texts is wanted; {_QUOTE}")
        return found


def _is_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(item, str) for item in found)


class _OnceLoader(yaml.SafeLoader):
    """Safe YAML in which a key may stand only once."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(str(self.construct_object(key, deep=True)) for key, _ in node.value)
        twice = sorted(key for key, times in keys.items() if times > 1)
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} stands there twice")
        return super().construct_mapping(node, deep)


def load_mapping(path: Path) -> Mapping:
    """Return the mapping that a YAML file holds; raises MappingRefused naming the key."""
    name = str(path)
    found = _parsed(name, path)
    if not isinstance(found, dict):
        raise MappingRefused(name, "not a mapping of keys to values", REMEDY)
    try:
        mapping = Mapping.model_validate(found)
    except ValidationError as error:
        raise MappingRefused(name, *_first(error)) from None
    dialect_of(name, mapping.delimiter, mapping.encoding)
    return mapping


def _parsed(name: str, path: Path) -> Any:
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise MappingRefused(name, f"more than {LONGEST:,} characters", REMEDY)
        found = yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise MappingRefused(name, error.strerror or "unreadable", "check the path") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:300]
        raise MappingRefused(name, f"not YAML: {reason}", REMEDY) from None
    return {} if found is None else found


def _first(error: ValidationError) -> tuple[str, str]:
    """Return the first complaint with its key, written as in the file, and what would do."""
    complaint = error.errors(include_input=False, include_url=False)[0]
    parts = [str(part) for part in complaint["loc"] if part != "[key]"]
    place = ".".join(part for part in parts if not part.startswith("<"))
    if complaint["type"] == "extra_forbidden":
        known = (
            ", ".join(Mapping.model_fields) if len(parts) == 1 else "from and join, const, template"
        )
        return f"unknown key {place}", f"known: {known}"
    reason = complaint["msg"].removeprefix("Value error, ").replace("Input should be", "wanted is")
    return f"{place}: {reason}", _QUOTE if complaint["type"] == "string_type" else REMEDY
