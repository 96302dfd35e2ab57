"""Every address of the hall: each feature brings its own."""

from __future__ import annotations

from django.urls import include, path

from guildhall.kit import api
from guildhall.publishing import api as publishing
from guildhall.reading import api as reading
from guildhall.reading.views import moved

# Imported for what they add to the API.
API = (reading, publishing)

urlpatterns = [
    path("api/", include(api.urlpatterns())),
    path("", include("guildhall.reading.urls")),
    # Last: it takes whatever ends in a slash and is nothing else.
    path("<path:rest>/", moved.without_slash),
]

handler400 = "guildhall.kit.errors.bad_request"
handler403 = "guildhall.kit.errors.forbidden"
handler404 = "guildhall.kit.errors.not_found"
handler500 = "guildhall.kit.errors.server_error"
