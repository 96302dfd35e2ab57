"""Feeds as they are written: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from guildhall.kit.answers import OPEN, link_header
from guildhall.kit.negotiate import Format
from guildhall.kit.words import iso_time
from guildhall.reading.feeds.model import Feed, Naming

ATOM = Format("atom", "application/atom+xml", "application/atom+xml; charset=utf-8")
JSON_FEED = Format("json", "application/feed+json", "application/feed+json")
_LANGUAGE = "en-GB"
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class _Atom(Atom1Feed):
    """With the next part of a long feed (RFC 5005), and a date also where nothing has happened yet."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["following"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["following"]})

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=_moment(0))


def write(request: HttpRequest, chosen: Format, feed: Feed) -> HttpResponse:
    """The feed in the format that was asked for."""
    body = _atom(request, feed) if chosen is ATOM else _json(request, feed)
    response = HttpResponse(body, content_type=chosen.content_type, headers=OPEN)
    if feed.following:
        response.headers["Link"] = link_header([(request.build_absolute_uri(feed.following), "next")])
    return response


def _atom(request: HttpRequest, feed: Feed) -> str:
    at, naming = request.build_absolute_uri, Naming.of_hall()
    atom = _Atom(
        title=_clean(feed.title),
        link=at(feed.path),
        description=None,
        subtitle=_clean(feed.text),
        language=_LANGUAGE,
        author_name=_clean(settings.GUILDHALL_TITLE),
        feed_url=at(request.get_full_path()),
        feed_guid=naming.of(feed.path),
        following=at(feed.following) if feed.following else "",
    )
    for item in feed.items:
        atom.add_item(
            title=_clean(item.title),
            link=at(item.path),
            # It is read as HTML.
            description="<br>".join(str(escape(line)) for line in _clean(item.text).split("\n")),
            unique_id=naming.of(item.name),
            author_name=_clean(item.author),
            pubdate=_moment(item.time),
            updateddate=_moment(item.time),
        )
    return str(atom.writeString("utf-8"))


def _json(request: HttpRequest, feed: Feed) -> str:
    at, naming = request.build_absolute_uri, Naming.of_hall()
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": at(feed.path),
        "feed_url": at(request.get_full_path()),
        "next_url": at(feed.following) if feed.following else None,
        "description": feed.text,
        "language": _LANGUAGE,
        "authors": [{"name": settings.GUILDHALL_TITLE}],
        "items": [
            {
                "id": naming.of(item.name),
                "url": at(item.path),
                "title": item.title,
                "content_text": item.text,
                "date_published": iso_time(item.time),
                "authors": [{"name": item.author}],
            }
            for item in feed.items
        ],
    }
    return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)


def _moment(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
