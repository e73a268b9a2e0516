"""The mail provider's HTTP API, by one of two routes."""

from __future__ import annotations

import dataclasses

import httpx

PATIENCE = 5.0
ROUTES = ("primary", "standby")


class MailApiError(Exception):
    """The provider did not take the mail, and may take it later."""


class ThrottledError(MailApiError):
    """The provider asks us to come back later."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"mail provider throttles us for {seconds:g} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The provider will never take this mail."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mail:
    """One mail; the provider delivers a key only once, however often it is sent."""

    key: str
    to: str
    subject: str
    text: str


class MailApi:
    """A client that is shared by all threads of a worker."""

    def __init__(self, url: str, api_key: str) -> None:
        self._client = httpx.Client(
            base_url=url, timeout=PATIENCE, headers={"Authorization": f"Bearer {api_key}"}
        )

    def send(self, mail: Mail, route: str) -> str:
        """Hand a mail over; the provider's own name for it comes back."""
        body = {"from": "news@newsletter.example", "to": [mail.to]}
        body |= {"subject": mail.subject, "text": mail.text}
        try:
            answer = self._client.post(
                f"/{route}/emails", json=body, headers={"Idempotency-Key": mail.key}
            )
        except httpx.TransportError as error:
            raise MailApiError(f"mail provider did not answer: {error}") from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise ThrottledError(float(answer.headers.get("Retry-After", "1")))
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise RefusedError(answer.text)
        if answer.is_error:
            raise MailApiError(f"mail provider said {answer.status_code}")
        return str(answer.json()["id"])

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def domains(self, route: str) -> int:
        """What the provider answers to a harmless question: the HTTP status."""
        try:
            return self._client.get(f"/{route}/domains").status_code
        except httpx.TransportError:
            return 0
