"""The status page: for everybody, without a token, and with nothing in it but services."""

from __future__ import annotations

from starlette import requests, responses

from midwatch.app import public_status, serving
from midwatch.base import errors
from midwatch.faces.api import faults
from midwatch.incidents import status_page

KEPT = {"cache-control": "public, max-age=15"}
"""A crowd that reloads the page asks the store only so often."""


async def for_people(request: requests.Request) -> responses.Response:
    """The page as HTML."""
    found = await _page(request)
    if isinstance(found, responses.Response):
        return found
    return responses.HTMLResponse(status_page.as_html(found), headers=KEPT)


async def for_programs(request: requests.Request) -> responses.Response:
    """The page as JSON."""
    found = await _page(request)
    if isinstance(found, responses.Response):
        return found
    body = status_page.as_json(found)
    return responses.Response(body, media_type="application/json", headers=KEPT)


async def _page(request: requests.Request) -> status_page.Page | responses.Response:
    watch: serving.Serving = request.app.state.watch
    given = watch.setup.status_page
    try:
        if given is None:
            raise errors.NotFoundError("There is no [status_page] in midwatch.toml.")
        now = watch.ticks.now()
        return await watch.desk.ask(lambda where: public_status.page(where, given, now))
    except errors.MidwatchError as error:
        return faults.answer(faults.of(error))
