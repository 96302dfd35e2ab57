"""Errors as whoever asked can read them: a page, or problem details (RFC 9457) in the same words."""

from __future__ import annotations

import json
import logging
import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import (
    BadRequestError,
    BusyError,
    ForbiddenError,
    GuildhallError,
    NotAllowedError,
    NotFoundError,
    NotReadyError,
)
from guildhall.kit.logs import request_id
from guildhall.kit.negotiate import wants_page

logger = logging.getLogger("guildhall.errors")

PROBLEM = "application/problem+json"
# Addresses that only programs ask.
_PROGRAMS = "/api/v"
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{2,8})$")


def answer_error(request: HttpRequest, error: GuildhallError) -> HttpResponse:
    """A page for people, problem details for programs: title, status, detail, remedy."""
    found = _SUFFIX.search(request.path)
    if not request.path.startswith(_PROGRAMS) and wants_page(request, found[1].lower() if found else ""):
        template = "kit/not_found.html" if error.status == NotFoundError.status else "kit/error.html"
        response = render(request, template, {"error": error, "path": request.path}, status=error.status)
    else:
        response = _problem(error)
    if isinstance(error, BusyError | NotReadyError):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotAllowedError):
        response.headers["Allow"] = ", ".join(error.allowed)
    for name, value in error.headers.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept"])
    return response


def _problem(error: GuildhallError) -> HttpResponse:
    members = {"title": _(error.title), "status": error.status, "detail": error.problem, "remedy": error.remedy}
    members |= {"request-id": request_id.get(), **error.more}
    body = json.dumps({name: value for name, value in members.items() if value}, ensure_ascii=False)
    headers = {"Access-Control-Allow-Origin": "*"}
    return HttpResponse(body, status=error.status, content_type=PROBLEM, headers=headers)


# ---- the handlers that Django calls


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - it may hold what was sent
    problem, remedy = _("Your browser or program asked in a way that makes no sense here."), _("Check the address.")
    return answer_error(request, BadRequestError(problem, remedy))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - it may say more than they may know
    return answer_error(request, ForbiddenError(_("You are not allowed to see or do this.")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - it lists our routes
    problem, remedy = _("There is nothing at this address."), _("Check the address, or look for what you need.")
    return answer_error(request, NotFoundError(problem, remedy))


def server_error(request: HttpRequest) -> HttpResponse:
    """Says nothing of what went wrong: that is in the log, for whoever runs the hall."""
    problem, remedy = _("The fault is ours, not yours. It has been noted."), _("Try again in a few minutes.")
    if request_id.get():
        told = _("If it happens again, tell whoever runs this site, with the number %(number)s.")
        remedy = f"{remedy} {told % {'number': request_id.get()}}"
    error = GuildhallError(problem, remedy)
    try:
        return answer_error(request, error)
    except Exception:
        # Whatever broke may be what pages are drawn with.
        logger.exception("The page that tells of an error could not be drawn")
        return HttpResponse(f"{problem} {remedy}\n", status=error.status, content_type="text/plain; charset=utf-8")
