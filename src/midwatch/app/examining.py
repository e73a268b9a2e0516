"""What `midwatch doctor` looks at: is everything there, and reachable, that a night would need?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent import futures

from midwatch.app import (
    arranging,
    examination,
    examining_orders,
    examining_people,
    examining_world,
    serve_settings,
    settings,
    watch_settings,
)
from midwatch.base import clock

EXAMINERS: tuple[examination.Examiner, ...] = (
    examining_world.settings,
    examining_world.database,
    examining_world.runbooks,
    examining_world.targets,
    examining_world.probes_of_procedures,
    examining_orders.starting,
    examining_orders.procedures,
    examining_world.prometheus,
    examining_people.people,
    examining_people.schedules,
    examining_people.gaps,
    examining_people.escalation,
    examining_people.channels,
    examining_world.links,
)


def examine(
    found: settings.Settings, environment: Mapping[str, str], ticks: clock.Clock
) -> Iterator[examination.Finding]:
    """Look at everything, several things at once; told in a fixed order."""
    patient = examination.Patient(
        found=found,
        watch=found.watch or watch_settings.Watch(),
        serve=found.serve or serve_settings.Serve(),
        given=arranging.arrange(found),
        environment=environment,
        ticks=ticks,
    )
    with futures.ThreadPoolExecutor(len(EXAMINERS)) as pool:
        waiting = [pool.submit(_looked, each, patient) for each in EXAMINERS]
        for each in waiting:
            yield from each.result()


def _looked(
    examiner: examination.Examiner, patient: examination.Patient
) -> list[examination.Finding]:
    return list(examiner(patient))
