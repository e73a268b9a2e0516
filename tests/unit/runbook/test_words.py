"""Small decisions about words: conditions, sessions, places, anchors, lead-ins, kinds."""

from __future__ import annotations

import pytest

from midwatch.runbook import anchors, conditions, contexts, inline, inputs, openers, vocabulary

CONDITIONS = [
    ("If database issues", "database issues", ""),
    ("If the pod is stuck, delete it", "the pod is stuck", "delete it"),
    (
        "If lag persists >5 minutes, escalate to engineering",
        "lag persists >5 minutes",
        "escalate to engineering",
    ),
    ("Restart KEDA if needed", "needed", "Restart KEDA"),
    ("Previous container (if pod crashed)", "pod crashed", "Previous container"),
    ("Put it in maintenance mode (optional)", "optional", "Put it in maintenance mode"),
    ("Unless it is Friday, deploy", "unless it is Friday", "deploy"),
]


@pytest.mark.parametrize(("text", "condition", "action"), CONDITIONS)
def test_conditions_are_parted_from_actions(text: str, condition: str, action: str) -> None:
    assert conditions.read(text) == conditions.Conditional(condition, action)


@pytest.mark.parametrize(
    "text",
    [
        "Check if the pod runs",
        "Verify whether it works",
        "See if the queue is empty",
        "Restart the pod",
    ],
)
def test_a_question_is_no_condition(text: str) -> None:
    assert conditions.read(text) is None


def test_arrows_part_a_condition_from_an_action() -> None:
    assert conditions.arrow("If pods crash → check the logs") == conditions.Conditional(
        "pods crash", "check the logs"
    )
    assert conditions.arrow("no arrow here") is None


OPENS = [
    "ssh cache-1",
    "ssh -i key.pem admin@10.0.0.1",
    "kubectl exec -it web-0 -n shop -- /bin/bash",
    "oc debug node/worker-1",
    "oc rsh -c etcdctl -n openshift-etcd etcd-0",
    "docker compose exec web bash",
    "docker exec -it db psql -U shop shop",
    "sudo -i",
    "sudo su - postgres",
    "sudo -u postgres psql",
    "chroot /host",
    "psql -h host -U user -d database",
    "redis-cli -h host -p 6379",
    "kubectl exec -it web-0 -- python manage.py dbshell",
]
STAYS = [
    "ssh cache-1 uptime",
    "kubectl exec web-0 -- ls /",
    "kubectl exec web-0 -- bash -c 'ls'",
    "redis-cli info keyspace",
    "psql shop -c 'select 1'",
    "psql shop < dump.sql",
    "docker exec db pg_dump shop",
    "sudo systemctl restart shop",
    "su - gitlab -c 'ls'",
    "kubectl get pods",
]


@pytest.mark.parametrize("text", OPENS)
def test_sessions_are_known_to_go_on_elsewhere(text: str) -> None:
    assert openers.opens(text)


@pytest.mark.parametrize("text", STAYS)
def test_commands_that_come_back_open_no_session(text: str) -> None:
    assert not openers.opens(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Inside pod:", "inside pod"),
        ("On DB server", "on db server"),
        ("Inside clickhouse-client:", "inside clickhouse-client"),
        ("In another terminal", "in another terminal"),
        ("From the bastion host:", "from the bastion host"),
        ("On failure restart", None),
        ("Instances", None),
    ],
)
def test_places_are_recognised(text: str, place: str | None) -> None:
    assert contexts.read(text) == place


def test_anchors_are_those_of_github() -> None:
    given = anchors.Anchors()
    assert given.take("Monitoring & Alerts") == "monitoring--alerts"
    assert given.take("Backup") == "backup"
    assert given.take("Backup") == "backup-1"
    assert given.take("Backup") == "backup-2"
    assert given.take("High Consumer Lag (>60s)") == "high-consumer-lag-60s"
    assert given.take("Überblick ✅ heute") == "überblick--heute"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Symptoms", "symptoms"),
        ("Diagnosis steps", "diagnose"),
        ("Immediate Actions", "resolve"),
        ("Possible Resolutions", "resolve"),
        ("How to fix", "resolve"),
        ("Verification", "verify"),
        ("Rollback plan", "undo"),
        ("Recovery Time", "recovery"),
        ("Escalation Matrix", "escalation"),
        ("Mitigation (15-30 minutes)", "resolve"),
        ("Common Causes", "causes"),
        ("Expected output", "expected"),
        ("Restart the service", None),
        ("Health Checks", None),
        ("Incident Response", None),
    ],
)
def test_lead_ins_are_known_by_their_words(title: str, role: str | None) -> None:
    assert vocabulary.role(title) == role


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pod-name", "pod"),
        ("NAMESPACE", "namespace"),
        ("commit-sha", "commit"),
        ("replica-count", "count"),
        ("RESEND_API_KEY", "secret"),
        ("DATABASE_URL", "secret"),
        ("SECRET_OCID", "id"),
        ("db-host", "host"),
        ("backup_file", "path"),
        ("timestamp", "date"),
        ("something", "text"),
    ],
)
def test_inputs_are_typed_by_their_name(name: str, kind: str) -> None:
    assert inputs.kind(name) == kind


def test_words_are_read_without_marks() -> None:
    assert (
        inline.plain("**Bold `code*` and** [a link](x.md) _here_") == "Bold code* and a link here"
    )
    assert inline.plain("snake_case and 5 * 3 * 2") == "snake_case and 5 * 3 * 2"
    assert [code.text for code in inline.codes("`a` `` b`c `` `open")] == ["a", "b`c"]
    links = inline.links("[a](b.md) <https://c.test> https://d.test/x. `https://not`")
    assert [link.href for link in links] == ["b.md", "https://c.test", "https://d.test/x"]
