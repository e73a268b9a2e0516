"""An address whose characters the shell or curl itself takes for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import hits, model, sentences

CLIENT = lazy.pattern(r"(?:^|[\s(|;&])(?P<tool>curl|wget|http)\s")
RANGE = lazy.pattern(r"\[[^\]\d:-][^\]]*\]|\[\d+[a-z]\w*\]|\{[^}]*\}")
SHELL = lazy.pattern(r"(?<!\$)\{[^}\n]*\}|(?<=[\w=])&(?=\w+=)")
LOOSE = lazy.pattern(r"\s(?:-[a-zA-Z]*g[a-zA-Z]*|--globoff|--data-urlencode)(?=\s|$)")
VARIABLES = lazy.pattern(r"\$\{[^}]*\}")
ADDRESS = lazy.pattern(
    r"(?<=\")https?://(?:\\.|[^\"\\])*(?=\")|(?<=')https?://[^']*|https?://[^'\s|]*"
    r"|(?<=\s)[A-Za-z][\w.-]*(?::\d+)?/[^'\"\s|]*\?[^'\"\s|]*"
)
PLACEHOLDER = lazy.pattern(r"<[^<>\s]+>|(?<=[/=@])\{[\w.-]+\}|(?<=//)\[[^\]\s]*\]")
"""What a person fills in, also as `/jobs/{id}`; and an address of IPv6, which curl knows."""


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """An address with `&`, `{}` or `[]` that does not arrive as it is written."""
    for sentence in sentences.every(subject, "curl", "wget", "http"):
        client = CLIENT.search(sentence.bare)
        if not client:
            continue
        text = PLACEHOLDER.sub(lambda found: "_" * len(found.group()), sentence.text)
        text = VARIABLES.sub(lambda found: "_" * len(found.group()), text)
        for address in ADDRESS.finditer(text):
            if sentence.bare[address.start()] == "_" != sentence.text[address.start()]:
                yield from expanded(sentence, client, address)
            else:
                yield from split(sentence, address)


def split(sentence: sentences.Sentence, address: re.Match[str]) -> Iterator[model.Hit]:
    """An address without quotes that the shell takes apart."""
    taken = SHELL.search(address.group())
    if taken:
        yield sentences.hit(
            sentence,
            f"Without quotes, the shell takes `{taken.group()}` of this address for its own.",
            at=address.start(),
            length=len(address.group()),
        )


def expanded(
    sentence: sentences.Sentence, client: re.Match[str], address: re.Match[str]
) -> Iterator[model.Hit]:
    """A quoted address that curl takes for a pattern."""
    pattern = RANGE.search(address.group())
    if client["tool"] != "curl" or not pattern or LOOSE.search(sentence.bare):
        return
    yield sentences.hit(
        sentence,
        f"curl takes `{hits.short(pattern.group(), 30)}` for a pattern of addresses; it refuses "
        "the address or asks for another one.",
        at=address.start(),
        length=len(address.group()),
    )


RULE = model.Rule(
    id="shell/url-unquoted",
    severity=model.Severity.ERROR,
    summary="An address that does not arrive as written.",
    why="`&` sends the command to the background, `{}` and `[]` are patterns to the shell and to "
    "curl: the query that is asked is another one, or none.",
    fix="Write `curl -G ADDRESS --data-urlencode 'query=…'`.",
    example=model.Example(
        bad='```bash\ncurl "http://metrics:9090/api/v1/query?query=rate(parcels_total[5m])"\n```\n',
        good="```bash\ncurl -G http://metrics:9090/api/v1/query "
        "--data-urlencode 'query=rate(parcels_total[5m])'\n```\n",
    ),
    check=check,
)
