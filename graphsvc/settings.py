"""One frozen Settings, from the environment and an optional file; nothing else reads either."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graphsvc.errors import InputRefused, UsageError

# Keys come over TLS, or from this machine.
JWKS_URL = r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/)\S+$"
# Signatures that a public key verifies; a shared secret, or none, is no choice.
_ALGORITHM = r"(?:RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|ES512|Ed25519)"
ALGORITHMS = rf"^{_ALGORITHM}(?:,{_ALGORITHM})*$"


def data_folder() -> Path:
    """Return the user's data folder for graphsvc by the platform's custom (XDG on Linux)."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "graphsvc"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "graphsvc"


def cache_folder() -> Path:
    """Return the user's cache folder for graphsvc (server jars live there)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphsvc"


def _command_line(text: str) -> str:
    shlex.split(text)  # raises ValueError for a quotation without an end
    return text


class Settings(BaseSettings):
    """Everything that can be set, by environment variable or in the file of `--config` (YAML)."""

    # Read by these variables alone: by the fields' names HOME, HOST and PORT would count as ours.
    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", case_sensitive=True, env_ignore_empty=True
    )

    home: Path = Field(default_factory=data_folder, validation_alias="GRAPHSVC_HOME")
    cache: Path = Field(default_factory=cache_folder, validation_alias="GRAPHSVC_CACHE")
    token_key: SecretStr | None = Field(None, validation_alias="GRAPHSVC_TOKEN_KEY")
    neo4j_uri: str | None = Field(None, validation_alias="NEO4J_URI")
    neo4j_user: str = Field("neo4j", validation_alias="NEO4J_USER")
    neo4j_password: SecretStr | None = Field(None, validation_alias="NEO4J_PASSWORD")
    neo4j_heap: str = Field("1g", pattern=r"^\d+[mg]$", validation_alias="GRAPHSVC_NEO4J_HEAP")
    neo4j_pagecache: str = Field(
        "1g", pattern=r"^\d+[mg]$", validation_alias="GRAPHSVC_NEO4J_PAGECACHE"
    )
    neo4j_java: Annotated[str, AfterValidator(_command_line)] = Field(
        "", validation_alias="GRAPHSVC_NEO4J_JAVA"
    )
    batch_rows: int = Field(5_000, ge=1, le=100_000, validation_alias="GRAPHSVC_BATCH_ROWS")
    disk_floor: int = Field(256_000_000, ge=0, validation_alias="GRAPHSVC_DISK_FLOOR")
    memory_limit: int | None = Field(None, ge=1, validation_alias="GRAPHSVC_MEMORY_LIMIT")
    watch_seconds: float = Field(5.0, gt=0, le=3600, validation_alias="GRAPHSVC_WATCH_SECONDS")
    query_seconds: float = Field(15.0, gt=0, validation_alias="GRAPHSVC_QUERY_SECONDS")
    watchdog_seconds: float = Field(
        10.0, ge=1, le=3600, validation_alias="GRAPHSVC_WATCHDOG_SECONDS"
    )
    host: str = Field("127.0.0.1", validation_alias="GRAPHSVC_HOST")
    port: int = Field(8000, ge=0, le=65535, validation_alias="GRAPHSVC_PORT")
    workers: int = Field(1, ge=1, le=64, validation_alias="GRAPHSVC_WORKERS")
    rate_points: int = Field(300_000, ge=2_500, validation_alias="GRAPHSVC_RATE_POINTS")
    tls_certificate: Path | None = Field(None, validation_alias="GRAPHSVC_TLS_CERTIFICATE")
    tls_key: Path | None = Field(None, validation_alias="GRAPHSVC_TLS_KEY")
    proxied: bool = Field(False, validation_alias="GRAPHSVC_PROXIED")
    metrics_port: int | None = Field(None, ge=1, le=65535, validation_alias="GRAPHSVC_METRICS_PORT")
    # Named by prometheus_client, which reads it itself; `serve` sets it for its workers.
    prometheus_multiproc_dir: Path | None = Field(None, validation_alias="PROMETHEUS_MULTIPROC_DIR")
    # Standard names: a receiver's documentation has them. The library reads others of them itself.
    otel_exporter_otlp_endpoint: str | None = Field(
        None, pattern=r"^https?://\S+$", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    otel_service_name: str = Field("graphsvc", validation_alias="OTEL_SERVICE_NAME")
    log_level: str = Field(
        "info", pattern=r"^(debug|info|warning|error)$", validation_alias="GRAPHSVC_LOG_LEVEL"
    )

    oidc_issuer: str | None = Field(None, validation_alias="GRAPHSVC_OIDC_ISSUER")
    oidc_audience: str | None = Field(None, validation_alias="GRAPHSVC_OIDC_AUDIENCE")
    oidc_jwks_url: str | None = Field(
        None, pattern=JWKS_URL, validation_alias="GRAPHSVC_OIDC_JWKS_URL"
    )
    oidc_algorithms: str = Field(
        "RS256,ES256", pattern=ALGORITHMS, validation_alias="GRAPHSVC_OIDC_ALGORITHMS"
    )
    oidc_client: str | None = Field(None, validation_alias="GRAPHSVC_OIDC_CLIENT")

    @property
    def keys_folder(self) -> Path:
        """Return the folder of key files (mode 700)."""
        return self.home / "keys"

    @property
    def tls(self) -> bool:
        """Tell whether clients speak TLS: to the workers, or to a proxy before them."""
        return self.proxied or self.tls_certificate is not None

    @property
    def journal_folder(self) -> Path:
        """Return the folder of the journal and its signing key (mode 700)."""
        return self.home / "journal"


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Return the settings: overrides, then the environment, then the file, then the defaults.

    Raises InputRefused where the file or a value cannot be used, and names the field.
    """
    written = {name: value for name, value in _from_file(config).items() if not os.getenv(name)}
    try:
        return Settings(**{**written, **_by_variable(overrides)})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputRefused(f"setting {where}: {first['msg']}") from None


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment that gives another process of ours these settings, and no other."""
    names = {str(field.validation_alias): name for name, field in Settings.model_fields.items()}
    rest = {name: value for name, value in os.environ.items() if name not in names}
    held = {alias: _written(getattr(settings, name)) for alias, name in names.items()}
    return rest | {alias: value for alias, value in held.items() if value}


def publish(settings: Settings) -> None:
    """Make these settings those of the processes that this one starts from now on."""
    environment = child_environment(settings)
    os.environ.clear()
    os.environ.update(environment)


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def _from_file(config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    if not config.is_file():
        raise UsageError(f"--config {config}: no such file")
    try:
        values = yaml.safe_load(config.read_text("utf-8-sig")) or {}
    except OSError as error:
        raise InputRefused(f"{config}: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        # Its own text shows the line, which may hold a secret.
        place = f"{config}:{error.problem_mark.line + 1}" if error.problem_mark else str(config)
        raise InputRefused(f"{place}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputRefused(f"{config}: not YAML: {type(error).__name__}") from None
    if not isinstance(values, dict):
        raise InputRefused(f"{config}: a mapping of setting names to values is wanted")
    return _by_variable(values)


def _by_variable(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values by the names of their variables, which a setting's own name stands for."""
    aliases = {name: field.validation_alias for name, field in Settings.model_fields.items()}
    return {str(aliases.get(name, name)): value for name, value in values.items()}
