"""Whether somebody may do something."""

from __future__ import annotations

from midwatch.access import model
from midwatch.base import errors


def allowed(role: model.Role, action: model.Action) -> bool:
    """Whether the role is enough; an admin may hand in alerts too, to try it."""
    needed = model.NEEDED[action]
    if needed is model.Role.SOURCE:
        return role in {model.Role.SOURCE, model.Role.ADMIN}
    if role not in model.RANKS:
        return False
    return model.RANKS.index(role) >= model.RANKS.index(needed)


def require(actor: model.Actor, action: model.Action, thing: str) -> None:
    """Raise DeniedError unless the actor may do that to the thing."""
    if allowed(actor.role, action):
        return
    needed = model.NEEDED[action]
    raise errors.DeniedError(
        f"{actor.name} may not {action.value} {thing}: that takes the role “{needed.value}”, "
        f"and {actor.name} is “{actor.role.value}”.",
        "Roles are given in [tokens] of midwatch.toml.",
    )
