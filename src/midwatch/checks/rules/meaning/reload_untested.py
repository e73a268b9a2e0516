"""A web server reloaded with settings that nobody tested."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

LOADS = lazy.pattern(
    r"\bnginx\s+-s\s+reload\b|\bsystemctl\s+(?:reload|restart)\s+(?:nginx|apache2|httpd|haproxy)\b"
    r"|\bapachectl\s+(?:graceful|restart)\b|\bservice\s+(?:nginx|apache2|haproxy)\s+(?:reload|restart)"
)
TESTS = lazy.pattern(
    r"\bnginx\s+-[tT]\b|\bapachectl\s+(?:configtest|-t)\b|\bhaproxy\s+-c\b|httpd\s+-t"
)
EDITS = lazy.pattern(
    r"\b(?:vim?|nano|sed\s+-i|cp|tee|ln\s+-s\w*)\b[^\n]*(?:nginx|apache2|httpd|haproxy)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """Settings changed and loaded in one block, with no test between."""
    for block, lines in sentences.blocks(subject, "nginx", "apache", "httpd", "haproxy"):
        if TESTS.search(block.text) or not EDITS.search(block.text):
            continue
        for sentence in lines:
            loads = LOADS.search(sentence.words)
            if loads:
                yield sentences.hit(
                    sentence, f"`{loads.group()}` takes settings in that nothing has tested."
                )


RULE = model.Rule(
    id="meaning/reload-untested",
    severity=model.Severity.INFO,
    summary="A web server reloaded with settings that nobody tested.",
    why="A restart with a wrong line leaves no web server at all; a reload keeps the old settings "
    "and says so only in its log.",
    fix="Write `nginx -t && systemctl reload nginx`.",
    example=model.Example(
        bad="```bash\nvim /etc/nginx/nginx.conf\nsystemctl restart nginx\n```\n",
        good="```bash\nvim /etc/nginx/nginx.conf\nnginx -t && systemctl reload nginx\n```\n",
    ),
    check=check,
)
