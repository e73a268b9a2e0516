"""What takes the secrets of a run out of whatever is shown of it."""

from __future__ import annotations

import os
from pathlib import Path

from midwatch.app import environments, outsides, settings
from midwatch.base import errors
from midwatch.engine import local_secrets
from midwatch.runs import model, secrets


def of(plan: model.Plan, folder: Path) -> secrets.Masker | None:
    """What takes the run's secrets out; None where one of them is not known here."""
    found = settings.find((Path(plan.runbook).resolve().parent, Path(plan.folder)))
    target = found.targets.get(plan.target, settings.Target(plan.target))
    environment = environments.of(os.environ, target.environment, found.secrets)
    if plan.secrets or any(name not in environment.all for name in plan.secret_environment):
        return None
    known = {name: environment.all[name] for name in plan.secret_environment}
    return _made(known, outsides.addresses(target, environment.all), folder)


def known_here(runbook: str, target_name: str, folder: Path) -> secrets.Masker:
    """What takes every secret out that this process knows; what was stored has none anyway."""
    try:
        found = settings.find((Path(runbook).resolve().parent, Path.cwd()))
    except errors.UserError:  # a slip in the file hides no run, and uncovers no secret
        found = settings.Settings()
    target = found.targets.get(target_name, settings.Target(target_name))
    environment = environments.of(os.environ, target.environment, found.secrets)
    addresses = outsides.addresses(target, environment.all)
    return _made(dict(environment.secret), addresses, folder)


def _made(known: dict[str, str], addresses: outsides.Addresses, folder: Path) -> secrets.Masker:
    masker = secrets.Masker([*known.values(), *addresses.secrets])
    local_secrets.Kept(folder, masker, known)  # the masker learns what the run came by
    return masker
