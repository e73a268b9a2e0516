"""Write `src/midwatch/checks/tables/commands/TOOL.txt`: the sub-commands and long flags of a tool.

    cd tools/cobra/kubectl && go mod tidy && go run . > kubectl.json
    python tools/command_tables.py json kubectl 1.37.2 kubectl.json
    python tools/command_tables.py plain psql 15.18 pg_dump 15.18      # from PROGRAM --help
    python tools/command_tables.py docker docker 29.9.3 …/docker/cli@v29.9.3/docs/reference
    python tools/command_tables.py compose docker 5.7.0 …/docker/compose/v5@v5.7.0/docs/reference
    python tools/command_tables.py aws aws 1.45.11                     # sub-commands, from awscli

A flag that a table lacks is told as missing, so a table must be complete. Several releases may be
put together: what a table has already stays.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

Commands = dict[str, set[str]]
FOLDER = Path(__file__).parents[1] / "src" / "midwatch" / "checks" / "tables" / "commands"
LONG = re.compile(r"(?<![\w-])--[A-Za-z][\w-]*")
SERVICES = """
acm apigateway application-autoscaling athena autoscaling backup batch cloudformation cloudfront
cloudtrail cloudwatch codebuild codepipeline configservice deploy dms docdb dynamodb ebs ec2 ecr ecs
efs eks elasticache elasticbeanstalk elb elbv2 emr es events glue guardduty iam kafka kinesis kms
lambda logs mq opensearch organizations rds redshift route53 s3 s3api secretsmanager sns sqs ssm
stepfunctions sts wafv2
"""
SECOND_RELEASE = {
    "dynamodb": "wizard",
    "ecr": "get-login",
    "ecs": "monitor-express-gateway-service",
    "events": "wizard",
    "iam": "wizard",
    "lambda": "wizard",
    "logs": "start-live-tail tail",
}
"""What aws 2 has beside, and aws 1 had."""


def from_json(path: str) -> Commands:
    """The commands that a program of tools/cobra printed."""
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        name: {flag for flag in flags if flag.startswith("--")} for name, flags in found.items()
    }


def helped(*words: str) -> str:
    """What a program says of itself."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    return done.stdout + done.stderr


def plain(tool: str) -> Commands:
    """A tool without sub-commands, from `--help`."""
    return {"": set(LONG.findall(helped(tool, "--help")))}


def aws(_tool: str) -> Commands:
    """The operations of the services that operators use, as the aws program itself lists them."""
    driver = importlib.import_module("awscli.clidriver").create_clidriver()
    services = driver.create_help_command().command_table
    found: Commands = {}
    for service in SERVICES.split():
        table = services[service].create_help_command().command_table
        names = [*table, *SECOND_RELEASE.get(service, "").split()]
        found |= {f"{service} {name}": set() for name in names}
    return found


def docker(folder: str) -> Commands:
    """Docker's commands, from the reference pages in the sources of its CLI or of buildx."""
    found: Commands = {}
    for path in Path(folder).rglob("*.md"):
        text = path.read_text(encoding="utf-8").partition("<!---MARKER_GEN_END")[0]
        rows = re.findall(r"^\| *(\[?`-[^|]*)\|", text, re.MULTILINE)
        flags = {flag for row in rows for flag in LONG.findall(row)}
        names = re.findall(r"`docker ([\w -]+)`", text.partition("### Aliases")[2].split("###")[0])
        own = path.stem.replace("_", " ").removeprefix("docker").strip()
        for name in {own, *names}:
            found[name] = found.get(name, set()) | flags
    return found


def compose(folder: str) -> Commands:
    """Docker Compose's commands, from the reference pages in its sources, hidden flags included."""
    found: Commands = {}
    for path in Path(folder).glob("docker_compose*.yaml"):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        given = [*page.get("options", ()), *page.get("inherited_options", ())]
        name = page["command"].removeprefix("docker compose").strip()
        found[name] = {f"--{each['option']}" for each in given}
    return found


def read(path: Path) -> tuple[list[str], Commands]:
    """A table as it stands: its notes, and its commands."""
    notes, found = [], Commands()
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.startswith("#"):
            notes.append(line)
        elif " > " in line:
            name, _, words = line.partition(" > ")
            found |= {f"{name} {word}": set() for word in words.split()}
        else:
            name, _, flags = line.partition(":")
            found[name] = set(flags.split())
    return notes, found


def write(tool: str, version: str, new: Commands) -> None:
    """Put what was found beside what the table has, and say of which release it is."""
    path = FOLDER / f"{tool}.txt"
    notes, commands = read(path)
    for name, flags in new.items():
        commands[name] = commands.get(name, set()) | flags
    notes = [note for note in notes if note != f"# {tool} {version}"] + [f"# {tool} {version}"]
    flagged = sorted(name for name in commands if commands[name])
    lines = [f"{name}: {' '.join(sorted(commands[name]))}" for name in flagged]
    lines += [f"{group} > {' '.join(words)}" for group, words in sorted(bare(commands).items())]
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*notes, *lines)) + "\n", encoding="utf-8")


def bare(commands: Commands) -> dict[str, list[str]]:
    """The sub-commands of which no flags are known, by the words before their last."""
    found: dict[str, list[str]] = {}
    for name in sorted(commands):
        if name and not commands[name]:
            group, _, word = name.rpartition(" ")
            found.setdefault(group, []).append(word)
    return found


def asked(words: list[str]) -> Iterator[tuple[str, str, Commands]]:
    """Each tool that the command line names, with its release and commands."""
    kind, *rest = words
    if kind == "json":
        tool, version, path = rest
        yield tool, version, from_json(path)
        return
    if kind in {"docker", "compose"}:
        tool, version, folder = rest
        pages = docker(folder) if kind == "docker" else compose(folder)
        below = kind == "compose" and tool == "docker"
        yield (
            tool,
            version,
            {f"compose {n}".strip(): f for n, f in pages.items()} if below else pages,
        )
        return
    made = {"plain": plain, "aws": aws}[kind]
    for tool, version in zip(rest[::2], rest[1::2], strict=True):
        yield tool, version, made(tool)


if __name__ == "__main__":
    for name_, version_, commands_ in asked(sys.argv[1:]):
        write(name_, version_, commands_)
