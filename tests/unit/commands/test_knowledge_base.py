"""A user's own knowledge: used in front of ours, and checked before it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from midwatch.commands import explaining, knowledge_base, knowledge_schema, model

ROCKET = """
tool = "rocket"
aliases = ["rkt"]
effect = "unknown"
values = ["--pad"]
examples = '''
read    | rocket --pad 3 status
destroy | rocket launch
'''
[commands.status]
effect = "read"
[commands.launch]
effect = "destroy"
why = "it cannot be called back"
"""


def explained(folder: Path, command: str) -> explaining.Explanation:
    knowledge = knowledge_base.KnowledgeBase.builtin().extended(folder)
    return explaining.explain(command, knowledge=knowledge)


def test_an_unknown_tool_says_how_to_teach_it() -> None:
    told = explaining.explain("rocket launch")

    assert told.effect is model.Effect.UNKNOWN
    assert told.why == (
        "rocket is not known to Midwatch; teach it in .midwatch/knowledge/rocket.toml"
    )


def test_a_tool_of_the_user_is_known_by_its_name_and_its_aliases(tmp_path: Path) -> None:
    (tmp_path / "rocket.toml").write_text(ROCKET, encoding="utf-8")

    told = [explained(tmp_path, each) for each in ("rkt --pad 3 status", "rocket launch")]

    assert [each.effect for each in told] == [model.Effect.READ, model.Effect.DESTROY]
    assert told[1].why.startswith("rocket launch: it cannot be called back (")


def test_a_file_of_the_user_stands_in_front_of_ours(tmp_path: Path) -> None:
    (tmp_path / "ls.toml").write_text('tool = "ls"\neffect = "change"\n', encoding="utf-8")

    assert explained(tmp_path, "ls -l").effect is model.Effect.CHANGE


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert explained(tmp_path / "none", "ls").effect is model.Effect.READ


def test_a_wrong_file_makes_its_tool_unknown_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "ls.toml").write_text('tool = "ls"\nefect = "read"\n', encoding="utf-8")

    told = explained(tmp_path, "ls")

    assert told.effect is model.Effect.UNKNOWN
    assert "nothing is called `efect`; did you mean `effect`?" in told.why


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('tool = "x"\neffect = "raed"', "`effect` cannot be 'raed'; it is one of"),
        ('tool = "x"\ntraits = ["loud"]', "`traits` cannot be 'loud'; it is one of"),
        ('tool = "x"\nvalues = "-n"', "`values` must be a list of texts"),
        ('tool = "x"\nflags = [{effect = "read"}]', "`flags[0]` needs `names`; add it."),
        ('tool = "x"\n[[when]]\noperand = "("', "`when[0].operand` is no regular expression"),
        ('tool = "x"\n[commands.a]\nefect = "read"', "nothing is called `commands.a.efect`"),
        ('tool = "x"\ncommands = 3', "write [commands.NAME] tables"),
        ('tool = "y"', "it must be the file's name, 'x'."),
        ('effect = "read"', '`tool` is missing; add tool = "name".'),
        ("tool = ", "is not valid TOML"),
        ('tool = "x"\nexamples = "red | x"', "must read `effect +trait | command`"),
        ('tool = "x"\n[[inside]]\nfrom = "left"', "`inside[0].from` cannot be 'left'"),
    ],
)
def test_every_mistake_names_the_file_the_key_and_the_next_step(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")

    messages = [mistake.message for mistake in knowledge_schema.mistakes_in_file(path)]

    assert any(said in message for message in messages), messages
    assert all(str(path) in message for message in messages)
