"""Pages about the hall itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
