"""What a listing prints becomes values that an input can take."""

from __future__ import annotations

from midwatch.runbook import model as runbooks
from midwatch.runs import offers

POD = runbooks.Input("pod-name", 3, "<pod-name>", "pod", source="kubectl get pods -n <ns>")
NAMESPACE = runbooks.Input("ns", 3, "<ns>", "namespace")
INPUTS = {"pod-name": POD, "ns": NAMESPACE}


def test_a_table_gives_the_first_word_of_each_row() -> None:
    found = offers.read("NAME  READY  STATUS\nweb-1  1/1  Running\n", POD)

    assert found == (offers.Offer("web-1", "1/1 Running"),)


def test_what_stands_above_the_heading_is_no_value() -> None:
    wanted = runbooks.Input("revision", 3, "<revision>", "revision")

    found = offers.read("deployment.apps/web\nREVISION  CHANGE-CAUSE\n7  <none>\n", wanted)

    assert [each.value for each in found] == ["7"]


def test_what_the_input_could_not_take_is_not_offered() -> None:
    assert offers.read("error: no such thing\n-rf\n", POD) == ()


def test_at_most_twenty_are_offered() -> None:
    assert len(offers.read("\n".join(f"web-{n}" for n in range(99)), POD)) == 20


def test_the_listing_takes_the_values_given_before() -> None:
    assert offers.command(POD, INPUTS, {"ns": "prod"}) == "kubectl get pods -n prod"


def test_a_listing_that_lacks_a_value_is_not_run() -> None:
    assert offers.command(POD, INPUTS, {}) is None


def test_a_value_given_before_is_no_program_text_in_the_listing() -> None:
    assert offers.command(POD, INPUTS, {"ns": "x; rm y"}) == "kubectl get pods -n 'x; rm y'"
    assert offers.command(POD, INPUTS, {"ns": "--kubeconfig=/x"}) is None
