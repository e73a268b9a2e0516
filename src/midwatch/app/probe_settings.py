"""What `[probes]` in midwatch.toml says: a web address, or a procedure that only reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from midwatch.alerts import probes, procedure_probes
from midwatch.app import toml_fields, watch_addresses
from midwatch.plugs.probes import http

ALSO = ("every", "for", "severity", "runbook_url")
ADDRESS = re.compile(r"(?P<path>[^#]+)#(?P<procedure>[^#]+)")
OfAddress: TypeAlias = tuple[probes.Probe, http.Address]


def read(name: str, table: toml_fields.Table) -> OfAddress | procedure_probes.ProcedureProbe:
    """One `[probes.NAME]`."""
    if "procedure" in table and "url" in table:
        raise ValueError(f"{table.where} says either url or procedure")
    if "procedure" in table:
        return _procedure(name, table)
    return _address(name, table)


def _address(name: str, table: toml_fields.Table) -> OfAddress:
    table.only("url", "status", "contains", "within", "summary", "procedure", *ALSO)
    url = table.text("url")
    if not watch_addresses.is_url(url):
        raise ValueError(f"url in {table.where} is {watch_addresses.NO_URL}")
    link = table.text("runbook_url", "")
    probe = _probe(name, table, "30s", summary=table.text("summary", ""), link=link)
    within = table.duration("within", "5s").total_seconds()
    return probe, http.Address(
        url, table.number("status", 200, least=100), table.text("contains", ""), within or 5.0
    )


def _procedure(name: str, table: toml_fields.Table) -> procedure_probes.ProcedureProbe:
    table.only("procedure", "target", "inputs", *ALSO)
    address = table.text("procedure")
    if not ADDRESS.fullmatch(address):
        raise ValueError(f"procedure in {table.where} is RUNBOOK#PROCEDURE, not “{address}”")
    inputs = _inputs(table)
    link = table.text("runbook_url", procedure_probes.link(address, inputs))
    return procedure_probes.ProcedureProbe(
        _probe(name, table, "5m", summary="", link=link), address, table.text("target", ""), inputs
    )


def _inputs(table: toml_fields.Table) -> Mapping[str, str]:
    given = table.table("inputs")
    return {key: given.text(key) for key in given}


def _probe(
    name: str, table: toml_fields.Table, usually: str, *, summary: str, link: str
) -> probes.Probe:
    every = table.duration("every", usually)
    if not every:
        raise ValueError(f"every in {table.where} is at least 1s")
    return probes.Probe(
        name=name,
        every=every,
        lasting=table.duration("for", "0s"),
        severity=table.text("severity", "critical"),
        summary=summary,
        runbook_url=link,
    )
