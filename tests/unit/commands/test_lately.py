"""What is remembered of texts that were read before changes nothing but the time it takes."""

from __future__ import annotations

from midwatch.commands import lately, model, reading


def test_what_was_kept_is_found_until_there_is_too_much() -> None:
    kept: lately.Lately[str, int] = lately.Lately(most=10)

    kept.keep("first", 1, "12345")
    kept.keep("second", 2, "12345")
    assert kept.find("first") == 1  # asked for, so that it is forgotten last
    kept.keep("third", 3, "12345")

    assert (kept.find("first"), kept.find("second"), kept.find("third")) == (1, None, 3)


def test_one_text_kept_twice_counts_once() -> None:
    kept: lately.Lately[str, int] = lately.Lately(most=10)

    for number in range(5):
        kept.keep("same", number, "1234567890")

    assert kept.find("same") == 4


def test_a_text_is_read_anew_where_the_document_says_something_else_of_its_scripts() -> None:
    text = "./tidy.sh"
    destroys = model.Judgement(model.Effect.DESTROY, "the script on line 9 does that at worst")
    reads = model.Judgement(model.Effect.READ, "the script on line 9 does that at worst")

    effects = [
        reading.read(text, model.Context(scripts={"tidy.sh": judgement})).statements[0].effect
        for judgement in (destroys, reads, destroys)
    ]

    assert effects == [model.Effect.DESTROY, model.Effect.READ, model.Effect.DESTROY]
    assert reading.read(text).statements[0].effect is model.Effect.UNKNOWN
