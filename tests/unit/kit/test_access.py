from __future__ import annotations

from django.urls import resolve

from guildhall.kit.access import access_of, anyone, as_all, publishing_key


def first() -> None: ...


def second() -> None: ...


def third() -> None: ...


def test_view_of_several_operations_says_what_each_says() -> None:
    view = as_all(lambda: None, [anyone(first), publishing_key(second), anyone(first)])
    assert access_of(view) == "anyone | whoever has a key to publish"


def test_view_with_a_silent_operation_is_silent() -> None:
    assert access_of(as_all(lambda: None, [anyone(first), third])) is None


def test_address_that_is_read_and_published_to_says_both() -> None:
    view = resolve("/api/v1/registers/hackney/project/entries").func
    assert access_of(view) == "anyone | whoever has a key to publish"
    assert view.methods == ("GET", "HEAD", "OPTIONS", "POST")  # type: ignore[attr-defined]
