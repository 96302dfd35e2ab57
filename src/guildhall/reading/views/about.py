"""Pages about the hall itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static

from guildhall.kit.access import anyone


@anyone
def guidance(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/help.html")


@anyone
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/accessibility.html")


@anyone
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/privacy.html")


@anyone
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """Browsers ask for it here where a page names none, as beside a JSON answer."""
    return HttpResponseRedirect(static("guildhall/favicon.svg"))
