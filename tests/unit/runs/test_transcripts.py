"""A run as a page and as a recording: nothing printed can act, nothing is out of its order."""

from __future__ import annotations

import datetime
import html.parser
import json

import hypothesis
from hypothesis import strategies

from midwatch.commands import model as commands
from midwatch.runs import ansi, asciicast, events, model, transcript_page

BEGAN = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
FRAME = {"html", "head", "meta", "title", "style", "body", "main"}
TEXT = {"a", "h1", "h2", "h3", "span", "p", "div", "pre", "time", "dl", "dt", "dd"}
TAGS = FRAME | TEXT | {"table", "thead", "tbody", "tr", "th", "td"}


def step(index: int, text: str, title: str) -> model.PlannedStep:
    return model.PlannedStep(
        index=index,
        line=index + 7,
        title=title,
        phase="resolve",
        kind="shell",
        language="bash",
        text=text,
        effect=commands.Effect.CHANGE,
        carrier=model.Carrier.SHELL,
        digest="d",
    )


def recorded(text: str, title: str, tail: str) -> list[events.Recorded]:
    plan = model.Plan("r.md", "0" * 64, "mend", title, "production", (step(0, text, title),), "/w")
    size = len(tail.encode("utf-8", "replace"))
    finished = events.StepFinished(0, 1, 0, events.Verdict.OK, title, 4.0, size, "ab", tail, None)
    happened: list[tuple[int, events.Event]] = [
        (0, events.Planned(plan)),
        (1, events.GlassBroken(0, "d", title, title, title)),
        (2, events.StepStarted(0, 1, "boot")),
        (6, finished),
        (7, events.Finished(model.Outcome.SUCCEEDED, title)),
    ]
    return [
        events.Recorded(seq, BEGAN + datetime.timedelta(seconds=at), event)
        for seq, (at, event) in enumerate(happened)
    ]


def nothing(step_: int, attempt: int) -> str | None:
    del step_, attempt
    return None


class Reader(html.parser.HTMLParser):
    """What a browser would find in the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


HOSTILE = strategies.text(
    alphabet=strategies.one_of(
        strategies.sampled_from("<>&\"'/\x1b[]();m0123456789Kx\r\n\t\b\x07\x00\x9b\u202e"),
        strategies.characters(),
    ),
    max_size=60,
)


@hypothesis.given(text=HOSTILE, title=HOSTILE, tail=HOSTILE)
def test_nothing_printed_or_written_can_act_in_the_page(text: str, title: str, tail: str) -> None:
    page = transcript_page.page("1122-0314-k7qm", recorded(text, title, tail), nothing)
    found = read(page)

    assert set(found.tags) <= TAGS
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert all((value or "").startswith("#") for name, value in found.attributes if name == "href")
    assert "\x1b" not in page
    assert "\x9b" not in page
    assert "\u202e" not in page


def test_the_page_needs_nothing_from_elsewhere_and_forbids_it() -> None:
    page = transcript_page.page("1122-0314-k7qm", recorded("true", "Mend", "ok"), nothing)

    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in page
    assert "url(" not in page


def test_an_effect_is_told_by_a_word_and_not_by_its_colour_alone() -> None:
    page = transcript_page.page("1122-0314-k7qm", recorded("true", "Mend", "ok"), nothing)

    assert '<span aria-hidden="true">▲</span> change' in page


def test_a_command_is_shown_as_it_is_and_never_drawn_over() -> None:
    page = transcript_page.page("r", recorded("rm -rf /\r ls -la   ", "Mend", ""), nothing)

    assert "rm -rf /␍ ls -la" in read(page).words


def test_colours_are_kept_and_a_bar_of_progress_is_shown_as_it_ended() -> None:
    tail = "\x1b[1;31mFAIL\x1b[0m\nloading 10%\rloading 99%\x1b[K\n"
    page = transcript_page.page("r", recorded("true", "Mend", tail), nothing)

    assert '<span class="c1 b">FAIL</span>' in page
    assert "loading 99%" in page
    assert "loading 10%" not in page


def frames(cast: str) -> list[tuple[float, str]]:
    return [(at, text) for at, _, text in map(json.loads, cast.splitlines()[1:])]


@hypothesis.given(text=HOSTILE, title=HOSTILE, tail=HOSTILE)
def test_a_recording_plays_forward_and_speaks_to_no_terminal(
    text: str, title: str, tail: str
) -> None:
    cast = asciicast.cast("1122-0314-k7qm", recorded(text, title, tail), nothing)

    header = json.loads(cast.splitlines()[0])
    assert (header["version"], header["timestamp"]) == (2, int(BEGAN.timestamp()))
    times = [at for at, _ in frames(cast)]
    assert times == sorted(times)
    played = "".join(text for _, text in frames(cast))
    left = ansi.SEQUENCE.sub(lambda found: "" if found["final"] in {"m", "K"} else "!", played)
    assert left == ansi.SEQUENCE.sub("", played)
    assert "\x1b" not in left
    assert "\x07" not in left


def test_output_is_played_between_its_steps_beginning_and_end_in_its_order() -> None:
    tail = "".join(f"line {number}\n" for number in range(8))

    played = frames(asciicast.cast("r", recorded("true", "Mend", tail), nothing))

    lines = [(at, text) for at, text in played if text.startswith("line ")]
    assert [text for _, text in lines] == [f"line {number}\r\n" for number in range(8)]
    assert all(2.0 < at < 6.0 for at, _ in lines)


def test_a_clock_that_jumped_back_does_not_turn_the_play_around() -> None:
    happened = recorded("true", "Mend", "ok\n")
    back = events.Recorded(4, BEGAN - datetime.timedelta(hours=1), happened[-1].event)

    times = [at for at, _ in frames(asciicast.cast("r", [*happened[:-1], back], nothing))]

    assert times == sorted(times)


def test_what_never_ends_its_own_sequence_hides_no_later_line() -> None:
    tail = "before\x1b]0;never ended\nafter\n"

    page = transcript_page.page("r", recorded("true", "Mend", tail), nothing)

    assert "after" in page
    assert "after" in asciicast.cast("r", recorded("true", "Mend", tail), nothing)
