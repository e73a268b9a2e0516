"""For what wants a keyboard, the way that does not."""

from __future__ import annotations

from collections.abc import Sequence

WAYS = {
    "kubectl edit": "Use `kubectl patch` or `kubectl apply -f` with the change written down.",
    "kubectl exec": "Leave out `-it` and give the command after `--`.",
    "oc edit": "Use `oc patch` or `oc apply -f` with the change written down.",
    "oc rsh": "Use `oc exec POD -- COMMAND`.",
    "docker exec": "Leave out `-it` and give the command at the end.",
    "crontab -e": "Use `crontab FILE`.",
    "vim": "Change the file beforehand, or write the change as a command (`sed -i`, a patch).",
    "psql": "Give the statement with `psql -c '…'`.",
    "mysql": "Give the statement with `mysql -e '…'`.",
    "redis-cli": "Give the command behind it: `redis-cli INFO`.",
    "mongosh": "Give the statement with `mongosh --eval '…'`.",
    "cqlsh": "Give the statement with `cqlsh -e '…'`.",
    "ssh": "Give the command behind the host: `ssh HOST 'COMMAND'`.",
    "top": "Use `top -b -n 1`.",
    "htop": "Use `top -b -n 1`.",
    "less": "Use `cat`.",
    "passwd": "Use `chpasswd` with the value from a secret store.",
}
SAME = {
    "vi": "vim",
    "nvim": "vim",
    "nano": "vim",
    "emacs": "vim",
    "more": "less",
    "mariadb": "mysql",
}
OTHERWISE = "Run it on a terminal, where Midwatch hands the keyboard over."


def way(tools: Sequence[str]) -> str:
    """The first way that fits one of the tools, `kubectl edit` before `kubectl`."""
    for tool in tools:
        name = tool.partition(" ")[0]
        found = WAYS.get(tool) or WAYS.get(SAME.get(name, name))
        if found:
            return found
    return OTHERWISE
