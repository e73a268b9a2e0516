"""`midwatch.toml`: the targets and the policy of a team, found beside its runbooks."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from midwatch.app import policy_settings, secret
from midwatch.base import errors, lazy, shape
from midwatch.guards import model as guards
from midwatch.runs import patience

if TYPE_CHECKING:
    from midwatch.app import regular_settings, serve_settings, watch_settings
else:
    regular_settings = lazy.module("midwatch.app.regular_settings")
    serve_settings = lazy.module("midwatch.app.serve_settings")
    watch_settings = lazy.module("midwatch.app.watch_settings")

FILE_NAME = "midwatch.toml"
LOCAL = "local"
WATCH_TABLES = frozenset(
    {"people", "schedules", "escalation", "roles", "channels", "waits", "severities"}
)
"""What a watch reads: see app/watch_settings.py."""
SERVE_TABLES = frozenset({"serve", "sources", "tokens", "alerts"})
"""What `midwatch serve` listens to: see app/serve_settings.py."""
REGULAR_TABLES = frozenset(
    {"heartbeats", "windows", "periodic", "remediation", "probes", "rules", "status_page"}
)
"""What a watch does by itself: see app/regular_settings.py."""
TABLES = frozenset({"targets", "policy", "limits", "approval", "check", "verify"})
"""Everything else in the file is a slip: a policy that is misspelt must not be silent."""
ADDRESSES = ("sql", "prometheus", "http", "context", "statement_seconds")
"""What a target says of the servers its steps speak to."""
TARGET_KEYS = frozenset(
    {"environment", "kubeconfig", "folder", "description", "path", "lab", *ADDRESSES}
)


@shape.frozen
class Target:
    """Where a run runs."""

    name: str
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    folder: str | None = None
    description: str = ""
    addresses: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Where its databases and servers are, as written: `${DATABASE_URL}` is not looked up yet."""
    base: Path | None = None
    """The folder of midwatch.toml, which relative paths begin at."""
    lab: bool = False
    """It may be broken on purpose: `midwatch drill` does that here and nowhere else."""


@shape.frozen
class Settings:
    """What a team says of its targets, and of what may run on them."""

    path: Path | None = None
    targets: Mapping[str, Target] = dataclasses.field(
        default_factory=lambda: {LOCAL: Target(LOCAL)}
    )
    policy: guards.Policy = dataclasses.field(default_factory=guards.Policy)
    patience: patience.Patience = dataclasses.field(default_factory=patience.Patience)
    """How long a verification is tried."""
    watch: watch_settings.Watch | None = None
    """People, schedules, escalation and channels, where the file says anything of them."""
    serve: serve_settings.Serve | None = None
    """Where the watch listens, to whom, and what it makes of alerts."""
    regular: regular_settings.Regular | None = None
    """What the watch does by itself: heartbeats, windows, regular procedures, probes."""
    secrets: frozenset[str] = frozenset()
    """The variables that the file names for its secrets, whatever they are called."""

    def target(self, name: str | None) -> Target:
        """The target of that name, or the only one there is."""
        if name is None:
            if len(self.targets) == 1:
                return next(iter(self.targets.values()))
            raise errors.UserError(
                f"{self.path} has {len(self.targets)} targets: which one?",
                "Give --target " + " or --target ".join(self.targets) + ".",
            )
        if name in self.targets:
            return self.targets[name]
        near = difflib.get_close_matches(name, list(self.targets), n=1)
        known = ", ".join(self.targets)
        where = f"{self.path} has {known}" if self.path else f"without {FILE_NAME} there is {known}"
        hint = f"Did you mean {near[0]}?" if near else f"Targets are named in {FILE_NAME}."
        raise errors.UserError(
            f"There is no target “{name}”: {where}.",
            hint,
        )


def find(starts: tuple[Path, ...]) -> Settings:
    """The settings nearest to one of these folders, upwards; the defaults where there are none."""
    for start in starts:
        for folder in (start, *start.parents):
            path = folder / FILE_NAME
            if path.is_file():
                return read(path)
    return Settings()


def read(path: Path) -> Settings:
    """The settings of that file; whatever is not understood is an error, not a guess."""
    try:
        stat = path.stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error
    written = (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    around = (os.environ.get("PATH", os.defpath), os.environ.get("HOME", ""))
    return _read(path, written, around)


@functools.lru_cache(maxsize=8)
def _read(path: Path, written: tuple[int, ...], around: tuple[str, str]) -> Settings:
    """The file as it was written then; a host of many runs asks for it again and again."""
    del written, around
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be read: {reason}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.UserError(f"{path} is no TOML: {error}.") from error
    try:
        return _settings(path, text, data)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        told = str(error).rstrip(".")
        end = "" if told.endswith("?") else "."
        raise errors.UserError(
            f"{path} says something that Midwatch does not understand: {told}{end}",
            "docs/reference names every key of midwatch.toml.",
        ) from error


def _settings(path: Path, text: str, data: Mapping[str, Any]) -> Settings:
    _only(data, TABLES | WATCH_TABLES | SERVE_TABLES | REGULAR_TABLES, path.name)
    targets = {
        name: _target(path, name, fields) for name, fields in data.get("targets", {}).items()
    }
    watch = watch_settings.read(data) if WATCH_TABLES & data.keys() else None
    regular = None
    if REGULAR_TABLES & data.keys():
        regular = regular_settings.read(data, watch.directory if watch else None)
    return Settings(
        path=path,
        targets=targets or {LOCAL: Target(LOCAL)},
        policy=policy_settings.read(path, text, data),
        patience=_patience(data.get("verify", {})),
        watch=watch,
        serve=serve_settings.read(data) if SERVE_TABLES & data.keys() else None,
        regular=regular,
        secrets=frozenset(secret.variables(data)),
    )


def _target(path: Path, name: str, fields: Mapping[str, Any]) -> Target:
    _only(fields, TARGET_KEYS, f"targets.{name}")
    environment = {key: str(value) for key, value in fields.get("environment", {}).items()}
    if "kubeconfig" in fields:
        kubeconfig = Path(fields["kubeconfig"]).expanduser()
        environment["KUBECONFIG"] = str(path.parent / kubeconfig)
    if "path" in fields:
        environment["PATH"] = _search_path(path, name, fields["path"])
    lab = fields.get("lab", False)
    if not isinstance(lab, bool):
        raise TypeError(f"lab in [targets.{name}] is true or false")
    folder = fields.get("folder")
    return Target(
        name=name,
        environment=environment,
        folder=str(path.parent / Path(folder).expanduser()) if folder else None,
        description=str(fields.get("description", "")),
        addresses=_addresses(name, fields),
        base=path.parent,
        lab=lab,
    )


def _search_path(path: Path, name: str, folders: object) -> str:
    """The target's own programs come first: folders, relative to midwatch.toml."""
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        raise TypeError(f"path in [targets.{name}] is a list of folders")
    own = [str((path.parent / Path(each).expanduser()).absolute()) for each in folders]
    return os.pathsep.join([*own, os.environ.get("PATH", os.defpath)])


RECOVERY_TARGET = "recovery-target"


def _patience(fields: Mapping[str, Any]) -> patience.Patience:
    """How often and how long a verification is tried."""
    _only(fields, frozenset({"every", "seconds"}), "verify")
    given = dict(fields)
    until_target = given.get("seconds") == RECOVERY_TARGET
    if until_target:
        del given["seconds"]
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{key} in [verify] is no number of seconds")
    numbers = {key: float(value) for key, value in given.items()}
    return patience.Patience(**numbers, until_target=until_target)


def _addresses(name: str, fields: Mapping[str, Any]) -> dict[str, str]:
    seconds = fields.get("statement_seconds", 1)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise ValueError(f"statement_seconds in [targets.{name}] is no number above 0")
    return {key: str(fields[key]) for key in ADDRESSES if key in fields}


def _only(fields: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in fields:
        if key not in known:
            raise ValueError(f"“{key}” in [{where}] (known: {', '.join(sorted(known))})")
