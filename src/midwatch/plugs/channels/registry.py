"""Every channel there is, in one visible place."""

from __future__ import annotations

from midwatch.plugs.channels import apprise, email, pagerduty, slack, sms, webhook

NAMES = (slack.NAME, sms.NAME, email.NAME, pagerduty.NAME, webhook.NAME, apprise.NAME)
"""In the order in which people are told by them where they say nothing."""
