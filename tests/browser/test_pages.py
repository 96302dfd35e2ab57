"""Every page as people meet it: on a phone, on a desk, with the keyboard alone, with assistive technology."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from .conftest import Site

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/",
    "/councils",
    "/councils?former=yes",
    "/councils?q=newcastle",
    "/councils?q=zzz",
    "/councils?by=region",
    "/councils?q=hakney",
    "/councils?q=allerdale",
    "/councils?near=51.5,-0.06",
    "/councils?q=E8+1EA",
    "/councils/map",
    "/councils/map?by=lists",
    "/councils/compare",
    "/councils/compare?with=hackney&with=canterbury&with=cardiff&with=nobody",
    "/councils/canterbury/services",
    "/councils/canterbury/services?q=zzz",
    "/councils/hackney",
    "/councils/allerdale",
    "/councils/somerset",
    "/products",
    "/products?q=zzz",
    "/products?purpose=planning&supplier=idox",
    "/products/idox-public-access",
    "/products/planning-system-not-identified",
    "/suppliers",
    "/registers/",
    "/registers/?standard=product-use",
    "/registers/?q=zzz",
    "/search",
    "/search?q=hackny+planning",
    "/search?q=service&kind=record",
    "/search?q=zzzzqq",
    "/registers/hall/local-authority/",
    "/registers/hall/local-authority/?nation=Wales&_sort=-population",
    "/registers/hall/local-authority/?nation=Wales&population__atleast=1&name__contains=an&_columns=name,population",
    "/registers/hall/local-authority/?name=Nowhere",
    "/registers/hall/local-authority/?q=yorkshre&nation=England",
    "/registers/hall/local-authority/?q=zzzqq",
    "/standards/product-use/records?q=planning+tascomi",
    "/standards/product-use/councils?region=London",
    "/registers/hall/local-authority/?colour=red",
    "/standards/product-use/records?region=London&_sort=-source-date",
    "/api/docs",
    "/registers/hall/local-authority/records/HCK",
    "/registers/hall/local-authority/records/HCK/proof",
    "/registers/hall/local-authority/proof",
    "/registers/hall/local-authority/map",
    "/registers/hall/local-authority/?in-force-on=2019-03-01",
    "/registers/hall/local-authority/?recorded-on=2019-03-01",
    "/registers/hall/local-authority/?recorded-on=yesterday",
    "/registers/hall/local-authority/compare",
    "/registers/hall/local-authority/compare?by=in-force&from=2019-03-01&to=2023-04-02",
    "/registers/hall/organisation/",
    "/registers/hall/organisation/compare",
    "/registers/hall/organisation/entries",
    "/registers/hall/local-authority/cite",
    "/changes",
    "/changes/week",
    "/changes/week?ending=2019-01-01",
    "/councils/hackney/changes",
    "/standards/product-use/changes",
    "/standards/product-use/records?in-force-on=2019-03-01",
    "/standards/product-use/cite",
    "/registers/hall/local-authority/entries",
    "/registers/hall/local-authority/entries/1",
    "/registers/hackney/product-use/",
    "/registers/hackney/service-link/",
    "/registers/hall/erasure/",
    "/registers/hall/local-authority/use",
    "/standards/product-use/use",
    "/standards",
    "/standards/product-use",
    "/standards/product-use/records",
    "/standards/product-use/councils",
    "/standards/brownfield-land",
    "/organisations",
    "/organisations/hall",
    "/organisations/government-digital-service",
    "/help",
    "/accessibility",
    "/privacy",
    "/nothing/here",
]
# Between them they have everything that is drawn in colours.
DARK_PAGES = [
    "/",
    "/councils?by=region",
    "/councils/hackney",
    "/councils/allerdale",
    "/councils/map",
    "/councils/compare?with=hackney&with=canterbury",
    "/products/idox-public-access",
    "/search?q=hackny+planning",
    "/registers/hall/local-authority/?nation=Wales&_sort=-population",
    "/registers/hall/local-authority/compare?by=in-force&from=2019-03-01&to=2023-04-02",
    "/registers/hackney/service-link/",
    "/standards/product-use",
    "/registers/hall/local-authority/use",
    "/nothing/here",
]
GALLERY = ["/gallery", "/front", "/busy", "/missing", "/broken"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_accessibility_faults(browser: Browser, site: Site, path: str, viewport: dict[str, int]) -> None:
    assert_sound(browser, site.url(path), viewport)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", GALLERY)
def test_component_has_no_accessibility_faults(
    browser: Browser, gallery: Site, path: str, viewport: dict[str, int]
) -> None:
    assert_sound(browser, gallery.url(path), viewport)


@pytest.mark.parametrize("path", DARK_PAGES)
def test_page_on_a_dark_screen_can_be_read(browser: Browser, site: Site, path: str) -> None:
    assert_sound(browser, site.url(path), DESK, is_dark=True)


@pytest.mark.parametrize("path", GALLERY)
def test_component_on_a_dark_screen_can_be_read(browser: Browser, gallery: Site, path: str) -> None:
    assert_sound(browser, gallery.url(path), DESK, is_dark=True)


def test_dark_screen_has_a_dark_page(browser: Browser, site: Site) -> None:
    grounds = []
    for scheme in (None, "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(site.url("/help"))
        grounds.append(page.evaluate("getComputedStyle(document.querySelector('.gh-page')).backgroundColor"))
        context.close()
    assert grounds == ["rgb(253, 252, 249)", "rgb(16, 24, 21)"]


def assert_sound(browser: Browser, address: str, viewport: dict[str, int], *, is_dark: bool = False) -> None:
    """No accessibility fault, no script, nothing that the security policy refuses, and no scrolling sideways."""
    # Scripts are let in for axe alone: the pages' own policy would refuse it.
    context = browser.new_context(viewport=viewport, bypass_csp=True, color_scheme="dark" if is_dark else "light")
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(_text(message)))
    page.on("requestfailed", lambda request: told.append(f"not loaded: {request.url}"))
    page.goto(address)
    assert page.locator("script").count() == 0
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    context.close()
    assert found.violations_count == 0, found.generate_report()
    # A page that is not there, or fails on purpose, is told by the browser as "Failed to load resource".
    assert [text for text in told if "Failed to load resource" not in text] == []


def _text(message: ConsoleMessage) -> str:
    return message.text


def test_reader_finds_a_council_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("type", "search")
    page.keyboard.type("hackney")
    page.keyboard.press("Enter")
    page.wait_for_url("**/councils/hackney")
    expect(page.locator("h1")).to_contain_text("Hackney")


def test_reader_goes_from_a_council_to_a_record_and_how_it_is_known(page: Page, site: Site) -> None:
    page.goto(site.url("/councils/hackney"))
    page.get_by_role("link", name="Its record, with its history and source").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.get_by_role("link", name="how we know").click()
    expect(page.locator("main")).to_contain_text("these values are the ones that were published")


def test_reader_sees_that_a_copy_is_unofficial_and_how_old_it_is(page: Page, site: Site) -> None:
    page.goto(site.url("/registers/hackney/service-link/"))
    expect(page.locator("main")).to_contain_text("Unofficial copy, not kept by this council")
    expect(page.locator("main")).to_contain_text("2018")
    expect(page.locator("main")).to_contain_text("years old")


def test_reader_pages_through_a_list_and_back(page: Page, site: Site) -> None:
    page.goto(site.url("/registers/hall/local-authority/"))
    first = page.locator("tbody th").first.inner_text()
    page.get_by_role("link", name="Next page").click()
    assert page.locator("tbody th").first.inner_text() != first
    page.get_by_role("link", name="Previous page").click()
    assert page.locator("tbody th").first.inner_text() == first


def test_reader_of_a_former_council_learns_what_replaced_it(page: Page, site: Site) -> None:
    page.goto(site.url("/councils/allerdale"))
    expect(page.locator("main")).to_contain_text("This council no longer exists")
    page.get_by_role("link", name="Cumberland").first.click()
    expect(page.locator("h1")).to_contain_text("Cumberland")
    expect(page.locator("main")).to_contain_text("Replaced")


def test_focus_is_always_visible(page: Page, site: Site) -> None:
    page.goto(site.url("/products"))
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        style = focused.evaluate(
            "element => { const s = getComputedStyle(element);"
            " return s.outlineStyle + s.boxShadow + s.backgroundColor }"
        )
        assert style not in {"nonenonergba(0, 0, 0, 0)", ""}, focused.evaluate("element => element.outerHTML")
