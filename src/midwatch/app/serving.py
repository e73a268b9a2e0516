"""`midwatch serve`, put together: what it knows, its threads, and the order they start in."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from midwatch.access import model as access
from midwatch.access import tokens
from midwatch.alerts import missed_heartbeats
from midwatch.app import (
    arranging,
    channels,
    handing_in,
    procedure_probes,
    rereading,
    secret,
    serve_settings,
    settings,
    status_settings,
    watch_channels,
    watch_settings,
)
from midwatch.base import clock, errors
from midwatch.db import claim, place, store
from midwatch.engine.watch import (
    apart,
    arrangements,
    auditor,
    careful,
    claiming,
    committing,
    desk,
    following,
    keeping,
    loop,
    probing,
    sending,
    telling,
)
from midwatch.incidents import delivery, messages, outbox
from midwatch.plugs import heartbeat

LOG = logging.getLogger(__name__)
FILE_NAME = "watch.db"
SQLITE = "sqlite://"
NOBODY_ELSE = access.Actor("local", access.Role.ADMIN)
"""Who asks where there are no tokens and only this machine can ask."""


@dataclasses.dataclass(frozen=True, slots=True)
class Setup:
    """What a watch begins with."""

    serve: serve_settings.Serve
    url: str
    given: arrangements.Arrangements
    tokens: tuple[tokens.Token, ...] = ()
    secrets: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """By the name of their variable."""
    slack_secret: str = ""
    """What Slack signs its buttons with."""
    senders: Mapping[str, sending.Send] = dataclasses.field(default_factory=dict)
    followers: Mapping[str, following.Follow] = dataclasses.field(default_factory=dict)
    """Channels that can be asked whether a message arrived."""
    missing: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Channels that are set up and do not work, and why."""
    path: Path | None = None
    """The midwatch.toml."""
    folder: Path = Path()
    """Where the runbooks' paths begin."""
    status_page: status_settings.StatusPage | None = None
    """What the public may see."""
    watched: tuple[probing.Watched, ...] = ()
    """What the watch looks at by itself."""

    @property
    def is_open(self) -> bool:
        """Whether whoever reaches it may ask: only where that is this machine alone."""
        return not self.tokens

    @property
    def file(self) -> Path | None:
        """The SQLite file, where it is one."""
        return file_of(self.url)


def file_of(url: str) -> Path | None:
    """The SQLite file that the URL names, where it is one."""
    return Path("/" + url.removeprefix(SQLITE).lstrip("/")) if SQLITE in url else None


def prepare(found: settings.Settings, environment: Mapping[str, str]) -> Setup:
    """Look everything up that the file names; what is unsafe or missing is told here."""
    serve = found.serve or serve_settings.Serve()
    watch = found.watch or watch_settings.Watch()
    known = _tokens(serve, environment)
    _require_closed(serve, known)
    if serve.target:
        found.target(serve.target)
    given = arranging.arrange(found)
    procedure_probes.require(found, arranging.folder(found))
    around = channels.Surroundings(environment, clock.SystemClock(), own_addresses(serve))
    made = channels.made(watch.channels, around)
    return Setup(
        serve=serve,
        url=database(serve, environment),
        given=given,
        tokens=known,
        secrets=_signing(serve, environment),
        slack_secret=_slack_secret(watch.channels, environment),
        senders={name: each.send for name, each in made.channels.items()},
        followers={name: each.follow for name, each in made.channels.items() if each.follow},
        missing=made.missing,
        path=found.path,
        folder=arranging.folder(found),
        status_page=found.regular.status_page if found.regular else None,
        watched=tuple(arranging.probes_of(found, given)),
    )


def own_addresses(serve: serve_settings.Serve) -> tuple[str, ...]:
    """The addresses of this watch itself: a webhook to them would go in a circle."""
    here = f"http://{serve.host}:{serve.port}"
    return (here, serve.public_url) if serve.public_url else (here,)


def _slack_secret(given: watch_channels.Channels, environment: Mapping[str, str]) -> str:
    found = given.slack.signing_secret if given.slack else None
    return found.value(environment) if found else ""


def database(serve: serve_settings.Serve, environment: Mapping[str, str]) -> str:
    """Where the watch is kept: the URL, the one in a variable, or a file in the state folder."""
    if not serve.database:
        return f"{SQLITE}{place.state_folder() / FILE_NAME}"
    if secret.FORM.fullmatch(serve.database):
        return secret.read(serve.database, "database in [serve]").value(environment)
    return serve.database


def _tokens(
    serve: serve_settings.Serve, environment: Mapping[str, str]
) -> tuple[tokens.Token, ...]:
    found = [(access.Actor(holder.name, holder.role), holder.token) for holder in serve.tokens]
    for source in serve.sources.values():
        if source.token is not None:
            actor = access.Actor(source.name, access.Role.SOURCE, source=source.name)
            found.append((actor, source.token))
    return tuple(_token(actor, where, environment) for actor, where in found)


def _token(
    actor: access.Actor, where: secret.Secret, environment: Mapping[str, str]
) -> tokens.Token:
    value = where.value(environment)
    if len(value) < tokens.SHORTEST:
        raise errors.UserError(
            f"{where.where}: ${{{where.variable}}} is shorter than {tokens.SHORTEST} characters.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'.",
        )
    return tokens.Token(actor, tokens.digest(value))


def _signing(serve: serve_settings.Serve, environment: Mapping[str, str]) -> dict[str, str]:
    asked = [each.signing_secret for each in serve.sources.values() if each.signing_secret]
    return {each.variable: each.value(environment) for each in asked}


def _require_closed(serve: serve_settings.Serve, known: tuple[tokens.Token, ...]) -> None:
    """Refuse to listen to the network without tokens."""
    if serve.is_loopback:
        return
    if not any(token.actor.role is not access.Role.SOURCE for token in known):
        raise errors.UserError(
            f"listen is {serve.host}: without [tokens] anybody there could acknowledge your pages.",
            'Name one: [tokens.NAME] role = "responder", token = "${VARIABLE}"; '
            "or listen on 127.0.0.1.",
        )
    for source in serve.sources.values():
        if source.token is None and source.signing_secret is None:
            raise errors.UserError(
                f"listen is {serve.host}, and [sources.{source.name}] has no token.",
                'Give it one: token = "${VARIABLE}".',
            )


class Serving:
    """The parts of a running watch."""

    def __init__(self, setup: Setup, runs: apart.Apart, ticks: clock.Clock | None = None) -> None:
        self.setup = setup
        self.lost: Callable[[], None] = functools.partial(os._exit, errors.Exit.FAILED)
        """Ends the process at once: somebody else may keep the watch by now."""
        self.stands_by = True
        """Until the watch is taken up."""
        self.arranged = rereading.Arranged(setup.path, setup.given)
        self.ticks = ticks or clock.SystemClock()
        self.claim = claim.of(setup.url, self.ticks)
        self.desk = desk.Desk(setup.url)
        self.committer = committing.Committer(setup.url, self.ticks, self._arrived)
        self.turning = careful.Engine(setup.url)
        self.engine = loop.engine(
            self.turning,
            self.arranged.now,
            self.ticks,
            self._due,
            pressed=self.committer.is_pressed,
            may=self.claim.is_sure,
        )
        self.intake = handing_in.Intake(self.committer, self.ticks, setup.secrets)
        self.senders: dict[str, loop.Loop] = {}
        teller = telling.Teller(self.ticks)
        self.teller = loop.Loop("log", setup.url, teller.tell, self.ticks, apart=telling.APART)
        keeper = keeping.Keeper(setup.serve.keep, self.ticks)
        self.keeper = loop.Loop("keeper", setup.url, keeper.forget, self.ticks)
        self.prober = loop.Loop("probes", setup.url, self._look, self.ticks)
        home = functools.partial(heartbeat.call, setup.serve.heartbeat_url)
        self.auditor = auditor.Auditor(setup.url, self.ticks, home)
        self.runs = runs
        self._claiming = claiming.Keeper(self.claim, self._lost, self.runs.wake)
        self._closing = threading.Lock()
        self._closed = False

    @property
    def given(self) -> arrangements.Arrangements:
        """What is arranged now."""
        return self.arranged.given

    async def take(self) -> bool:
        """Claim the watch; False where another process keeps it."""
        return await asyncio.to_thread(self.claim.take)

    async def start(self) -> None:
        """Take the claimed watch up where it was left."""
        self._claiming.start()
        settling = self.claim.settling()
        if settling:
            told = "The watch before this one ended without a word; it is taken up in %g s"
            LOG.warning(told, settling)
            await asyncio.sleep(settling)
        await self.desk.ask(self._recover)
        self.committer.start(asyncio.get_running_loop())
        for channel in self.setup.senders:
            self._sender(channel)
        self.engine.start()
        self.prober.start()
        self.teller.start()
        self.keeper.start()
        self.auditor.loop.start()
        self.stands_by = False

    def _lost(self) -> None:
        LOG.critical("The claim to the watch is lost: nothing is sent any more, and this ends")
        self.lost()

    def _look(self, where: store.Store) -> int:
        if probing.look_around(where, self.setup.watched, self.ticks) or self._end_gone(where):
            self.engine.wake()
        return 0

    def _end_gone(self, where: store.Store) -> int:
        """What is not watched any more fires no more; an unreadable runbook ends nothing."""
        given = self.given
        if given.library.unread:
            return 0
        names = {each.probe.name for each in self.setup.watched}
        names |= {each.probe.name for each in given.procedure_probes}
        beats = {each.name for each in given.heartbeats}
        now = self.ticks.now()
        gone = probing.end_gone(where, names, now)
        return gone + missed_heartbeats.end_gone(where, beats, now)

    def _recover(self, where: store.Store) -> None:
        """Messages that a crash caught on their way are handed over again, under the same key."""
        where.write(outbox.recovering(self.ticks.now()))

    def _arrived(self) -> None:
        self.engine.wake()

    def _due(self, channels: set[str]) -> None:
        self.runs.wake()
        self.teller.wake()
        for channel in channels:
            self._sender(channel)
            if channel in self.senders:
                self.senders[channel].wake()

    def _sender(self, channel: str) -> None:
        """Let the channel have its thread; one that is not set up says so of each message."""
        with self._closing:
            if channel in self.senders or self._closed:
                return
            send = self.setup.senders.get(channel) or self._not_set_up
            follow = self.setup.followers.get(channel)
            may = self.claim.is_sure
            made = loop.sender(self.setup.url, channel, send, self.ticks, follow, may=may)
            self.senders[channel] = made
            made.start()

    def _not_set_up(self, message: messages.Message) -> delivery.Attempt:
        usual = f"[channels.{message.channel}] is not set up"
        return delivery.Never(self.setup.missing.get(message.channel, usual))

    def close(self) -> None:
        """Leave runs as they stand, write what was received, finish what is being sent."""
        self.runs.close()
        self.committer.close()
        self.prober.close()
        self.teller.close()
        self.keeper.close()
        self.auditor.loop.close()
        self.engine.close()
        self.turning.close()
        with self._closing:
            self._closed = True
        for each in self.senders.values():
            each.close()
        self.desk.close()
        self._claiming.close()
