"""Which version of a server a document names, where it names one."""

from __future__ import annotations

import re

from midwatch.checks import model

NAMES = {
    "PostgreSQL": r"postgres(?:ql)?",
    "MySQL": r"mysql",
    "MongoDB": r"mongo(?:db)?",
    "Elasticsearch": r"elasticsearch|elastic",
    "Redis": r"redis",
    "nginx": r"nginx",
    "Docker": r"docker(?: engine)?",
    "Kubernetes": r"kubernetes|k8s",
}
RELATIVES = {"MySQL": "mariadb", "Elasticsearch": "opensearch"}
"""What is alike and keeps what the other has dropped."""
Version = tuple[int, ...]


def parsed(text: str) -> Version:
    """`8.4` as numbers that compare."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def named(subject: model.Subject, server: str) -> Version | None:
    """The highest version of a server that a document names; nothing where it names none."""
    number = r"(\d{1,2}(?:\.\d+)*)(?![\d.]*[\d:/])"
    pattern = rf"\b(?:{NAMES[server]})(?::|[ \t/]+v?|[ \t]+version[ \t]+){number}"
    found = [parsed(each) for each in re.findall(pattern, subject.text, re.IGNORECASE)]
    return max(found, default=None)


def concerns(subject: model.Subject, server: str, since: str) -> bool:
    """Whether what a release dropped may matter to a document: it names no older one."""
    if RELATIVES.get(server, "\0") in subject.text.lower():
        return False
    version = named(subject, server)
    return version is None or version >= parsed(since)[: len(version)]
