"""Reading shell text: any text gives a reading, with everything at its place."""

from __future__ import annotations

import itertools
import time
import tomllib
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies

from midwatch.commands import masking, model, reading

CASES = Path(__file__).parents[2] / "cases" / "commands"
PIECES = tomllib.loads((CASES / "pieces.toml").read_text(encoding="utf-8"))["pieces"]
UNTYPED = ("\x00", "\ud800", "\ue000", "\r")
"""Characters that nobody types, and that TOML cannot hold."""
ALL = (*PIECES, *UNTYPED)


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(
    strategies.lists(strategies.sampled_from([*PIECES, *UNTYPED]), max_size=12).map("".join)
)
def test_reading_mutated_shell_never_fails(text: str) -> None:
    assert_whole(text)


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(strategies.text(max_size=80))
def test_reading_any_text_never_fails(text: str) -> None:
    assert_whole(text)


def assert_whole(text: str) -> None:
    read = reading.read(text)

    assert read.text == text
    for first, second in itertools.pairwise(read.statements):
        assert first.span.start <= first.span.end <= second.span.end
    for statement in read.statements:
        assert text[statement.span.start : statement.span.end] == statement.text
        for command in statement.commands:
            assert 0 <= command.span.start <= command.span.end <= len(text)
            assert not {"\0", masking.MASK} & set(command.why)


def test_many_texts_read_at_once_are_read_as_each_alone() -> None:
    texts = [
        "kubectl get pods -n prod | grep web",
        "if true; then",
        "cat <<EOF\nhello",
        "echo 'é ✅' # done",
        "",
        "   \n",
        "echo 'unclosed",
        "sh -c 'rm x'; ls \\",
        "# only a note",
        "ls\nfi\nrm x",
    ]

    assert reading.read_many(texts) == [reading.read(text) for text in texts]


def test_statements_commands_and_comments_stand_at_their_place() -> None:
    text = "# Look at ✅ pods\nkubectl get pods | grep é # not running\n\nrm x &\n"

    read = reading.read(text)

    assert [statement.text for statement in read.statements] == [
        "kubectl get pods | grep é",
        "rm x &",
    ]
    assert [command.text for command in read.statements[0].commands] == [
        "kubectl get pods",
        "grep é",
    ]
    assert [
        (comment.text, comment.own_line, text[comment.span.start : comment.span.end])
        for comment in read.comments
    ] == [
        ("Look at ✅ pods", True, "# Look at ✅ pods"),
        ("not running", False, "# not running"),
    ]
    assert read.problem is None


def test_variables_set_used_and_functions_defined_are_told() -> None:
    read = reading.read(
        "POD=$(kubectl get pods -l app=$APP -o name)\n"
        'kubectl logs $POD -n "${NAMESPACE:-prod}" --tail $1\n'
        "greet() { echo $NAME; }\n"
        "for i in $LIST; do echo $i; done\n"
        "export A=1 B=$A; read -r ANSWER\n"
    )

    found = [(sorted(s.sets), sorted(s.uses), sorted(s.defines)) for s in read.statements]
    assert found == [
        (["POD"], ["APP"], []),
        ([], ["POD"], []),
        ([], ["NAME"], ["greet"]),
        (["i"], ["LIST"], []),
        (["A", "B"], [], []),
        (["ANSWER"], [], []),
    ]


def test_placeholders_are_words_and_real_redirections_stay() -> None:
    read = reading.read("kubectl describe pod <pod-name> -n prod; sort <in.txt >out.txt")

    describe, sort = read.statements
    assert [word.text for word in describe.commands[0].words] == [
        *("kubectl", "describe", "pod", "<pod-name>", "-n", "prod"),
    ]
    assert describe.commands[0].words[3].value is None
    assert describe.effect is model.Effect.READ
    assert sort.effect is model.Effect.CHANGE
    assert [placeholder.text for placeholder in read.placeholders] == ["<pod-name>"]


def test_what_does_not_parse_is_unknown_and_the_rest_is_still_read() -> None:
    read = reading.read("kubectl get pods\nfi\nkubectl delete ns prod\n")

    assert [(each.text, each.effect) for each in read.statements] == [
        ("kubectl get pods", model.Effect.READ),
        ("fi", model.Effect.UNKNOWN),
        ("kubectl delete ns prod", model.Effect.DESTROY),
    ]
    assert read.problem is not None
    assert read.problem.span == model.Span(17, 19)


def test_endless_and_enormous_texts_are_answered_in_time() -> None:
    started = time.monotonic()

    effects = [
        model.worst(statement.effect for statement in reading.read(text).statements)
        for text in (
            "rm " + "a" * 1_000_000,
            "echo " + "a b " * 300_000,
            "(" * 5_000 + "ls" + ")" * 5_000,
            "a && " * 20_000 + "b",
            "$(" * 400 + "ls" + ")" * 400,
        )
    ]

    assert effects == [model.Effect.UNKNOWN] * 5
    assert time.monotonic() - started < 20


def test_aliases_and_functions_that_run_in_circles_come_to_an_end() -> None:
    texts = [
        "alias a=b b=a; a",
        "alias a='a; a'; a",
        "f() { g; }; g() { f; rm x; }; f",
        "f() { f | f & }; f",
    ]

    effects = [
        model.worst(statement.effect for statement in reading.read(text).statements)
        for text in texts
    ]

    assert effects == [
        model.Effect.UNKNOWN,
        model.Effect.UNKNOWN,
        model.Effect.DESTROY,
        model.Effect.READ,
    ]


def test_scripts_and_functions_of_the_document_are_judged_by_what_they_do() -> None:
    destroys = model.Judgement(model.Effect.DESTROY, "rm: deletes files")
    reads = model.Judgement(model.Effect.READ, "only looks")
    context = model.Context(
        scripts={"clean.sh": destroys, "health.sh": reads},
        functions={"check": reads},
        variables={"VERB": "rm"},
    )
    texts = ["./scripts/clean.sh now", "bash health.sh", "check", "$VERB x", "./other.sh"]

    effects = [reading.read(text, context).statements[0].effect for text in texts]

    assert effects == [
        model.Effect.DESTROY,
        model.Effect.READ,
        model.Effect.READ,
        model.Effect.DESTROY,
        model.Effect.UNKNOWN,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF > file\nname: x\nEOF",
        "cat <<EOF | kubectl apply -f -\nname: x\nEOF",
        "cat <<EOF && echo done\nname: x\nEOF",
        "cat <<EOF &\nname: x\nEOF",
        "cat <<A; cat <<B\n1\nA\n2\nB",
        "for x in a; do cat <<EOF > file; done\nname: x\nEOF",
    ],
)
def test_a_here_document_belongs_to_its_statement(text: str) -> None:
    found = [statement.text for statement in reading.read(f"{text}\necho after").statements]

    assert found == [text, "echo after"]
