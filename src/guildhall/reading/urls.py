"""The addresses of pages, of data beside them, and of the files that auditors read.

A key is one segment (`<key:…>`), and the suffix of a format comes last (`<suffix:…>`).
"""

from __future__ import annotations

from django.urls import path

from guildhall.kit.negotiate import JSON
from guildhall.kit.routes import register_converters
from guildhall.reading.data import (
    auditors,
    changes,
    context,
    councils,
    dcat,
    differences,
    downloads,
    entries,
    harvest,
    indexes,
    packages,
    products,
    records,
    sitemaps,
)
from guildhall.reading.exports import formats
from guildhall.reading.feeds import views as feeds
from guildhall.reading.views import about, home, lists, moved, organisations, places, search, use
from guildhall.reading.views import api as api_pages
from guildhall.reading.views import records as record_pages

register_converters()

_LIST = "registers/<slug:organisation>/<slug:name>/"

# A full check asks for hundreds of these a second, and programs for records, so they are looked for first.
_first = [
    path(f"{_LIST}tile/<path:rest>", auditors.tile),
    path(f"{_LIST}checkpoint", auditors.checkpoint),
    path("log-keys", auditors.log_keys),
    path(f"{_LIST}records/<key:key><suffix:suffix>", records.record),
]

_lists = [
    path("registers/", indexes.lists),
    path("registers.<slug:suffix>", indexes.lists),
    path(_LIST, indexes.one_list),
    *(
        path(f"registers/<slug:organisation>/<slug:name>.{one.name}", moved.to_whole_list, {"form": one.name})
        for one in formats.ALL
        if one is not JSON
    ),
    path("registers/<slug:organisation>/<slug:name>.<slug:suffix>", indexes.one_list),
    path(f"{_LIST}list<suffix:suffix>", downloads.whole_list),
    path(f"{_LIST}changes<suffix:suffix>", downloads.whole_history),
    path(f"{_LIST}records<suffix:suffix>", records.records),
    path(f"{_LIST}records/<key:key>/changes<suffix:suffix>", downloads.record_history),
    path(f"{_LIST}records/<key:key>/entries<suffix:suffix>", records.record_entries),
    path(f"{_LIST}records/<key:key>/proof", record_pages.proof),
    path(f"{_LIST}entries<suffix:suffix>", entries.entries),
    path(f"{_LIST}entries/<int:number><suffix:suffix>", entries.entry),
    path(f"{_LIST}blobs<suffix:suffix>", entries.blobs),
    path(f"{_LIST}blobs/<slug:digest><suffix:suffix>", entries.blob),
    path(f"{_LIST}compare<suffix:suffix>", differences.compare),
    path(f"{_LIST}cite<suffix:suffix>", differences.cite),
    path(f"{_LIST}context<suffix:suffix>", context.context),
    path(f"{_LIST}feed<suffix:suffix>", feeds.of_list),
    path(f"{_LIST}proof", lists.proof),
    path(f"{_LIST}map", places.of_list),
    path(f"{_LIST}use", use.of_list),
    path(f"{_LIST}datapackage.json", packages.list_package),
    path(f"{_LIST}dataset.jsonld", packages.list_dataset),
    path(f"{_LIST}sitemap-<int:part>.xml", sitemaps.of_list),
    path(f"{_LIST}proofs/register<suffix:suffix>", context.register_proof),
    path(f"{_LIST}proofs/entry/<int:number>/<int:size><suffix:suffix>", context.entry_proof),
    path(f"{_LIST}proofs/consistency/<int:old>/<int:new><suffix:suffix>", context.consistency_proof),
]

_standards = [
    path("standards<suffix:suffix>", indexes.standards),
    path("standards/<slug:name>/records<suffix:suffix>", downloads.joined_view),
    path("standards/<slug:name>/records/feed<suffix:suffix>", feeds.of_joined_view),
    path("standards/<slug:name>/feed<suffix:suffix>", feeds.of_standard),
    path("standards/<slug:name>/template.csv", packages.template),
    path("standards/<slug:name>/use", use.of_standard),
    path("standards/<slug:name>/datapackage.json", packages.joined_package),
    path("standards/<slug:name>/dataset.jsonld", packages.joined_dataset),
    path("standards/<slug:name>/changes<suffix:suffix>", changes.of_standard),
    path("standards/<slug:name>/cite<suffix:suffix>", differences.cite_joined),
    path("standards/<slug:name>/councils<suffix:suffix>", councils.keeping),
    path("standards/<slug:name>/map", places.of_standard),
    path("standards/<slug:name><suffix:suffix>", indexes.one_standard),
]

_organisations = [
    path("councils<suffix:suffix>", councils.councils),
    path("councils/map", councils.on_map),
    path("councils/compare<suffix:suffix>", councils.compare),
    path("councils/<slug:slug>/services<suffix:suffix>", councils.services),
    path("councils/<slug:slug><suffix:suffix>", councils.council),
    path("councils/<slug:slug>/changes<suffix:suffix>", changes.of_organisation),
    path("councils/<slug:slug>/feed<suffix:suffix>", feeds.of_organisation),
    path("organisations/<slug:slug>/feed<suffix:suffix>", feeds.of_organisation),
    path("organisations<suffix:suffix>", indexes.organisations),
    path("organisations/<slug:slug>/changes<suffix:suffix>", changes.of_organisation),
    path("organisations/<slug:slug>", organisations.organisation),
    path("products<suffix:suffix>", products.products),
    path("products/<key:key><suffix:suffix>", products.product),
    path("suppliers<suffix:suffix>", products.suppliers),
]

_about = [
    path("", home.home),
    path("search<suffix:suffix>", search.everything),
    path("changes<suffix:suffix>", changes.of_hall),
    path("changes/week<suffix:suffix>", changes.week),
    path("changes/week/feed<suffix:suffix>", feeds.of_weeks),
    path("feed<suffix:suffix>", feeds.of_hall),
    path("help", about.guidance),
    path("accessibility", about.accessibility),
    path("privacy", about.privacy),
    path("favicon.ico", about.favicon),
    path("robots.txt", harvest.robots),
    path("llms.txt", harvest.llms),
    path("sitemap.xml", sitemaps.index),
    path("sitemap-<slug:part>.xml", sitemaps.part),
    path("catalogue.jsonld", dcat.catalogue),
]

# What was typed or cut short still leads there.
_moved = [
    path("registers", moved.with_slash),
    path("registers/<slug:organisation>/<slug:name>", moved.with_slash),
    path("registers/<slug:slug>/", moved.to_organisation),
    path("registers/<slug:slug>", moved.to_organisation),
]

_programs = [
    path("api/docs", api_pages.docs),
    path("api", moved.to_api),
]

urlpatterns = [*_first, *_programs, *_lists, *_standards, *_organisations, *_about, *_moved]
