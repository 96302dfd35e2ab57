"""The tool that makes the starter's files, on small downloads that show the faults of the real ones."""

from __future__ import annotations

import csv
import gzip
import importlib
import io
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"

HISTORY = """\
local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,nation,region,\
local-authority-type,county-la,former-gss-codes,gov-uk-slug,pop-2020,lat,long,powers
BOR,Borset County,Borset,E10000001,1974-04-01,2023-04-01,BOU,England,,CTY,,,borsetshire,99.0,52.123456,-1,upper tier
BOU,Borsetshire Council,Borsetshire,E06000001,2023-04-01,,,England,West Midlands,UA,,,,99.0,52.123456,-1,unitary
AMB,Ambridge  District Council,Ambridge,E07000001,2005-05-27,2023-04-01,BOU,England,,NMD,BOR,,ambridge,,,,lower tier
FEL,Felpersham,Felpersham & Loxley,E06000002,,,,England,London,UA,,E06000009,fel.-persham,50.0,52.5,-1.25,unitary
LOC,Lochside Council,Lochside,S12000001,2005-06-18,,,Scotland,Scotland,SCO,,,lochside,10.0,56.0,-3.0,unitary
NTCA,Gone Combined Authority,Gone,E47000011,2018-11-02,,,England,North East,COMB,,,,,,,combined
"""
CURRENT = """\
id,gss,tier_id,slug,country_name,homepage_url,name
1,E06000001,3,borsetshire,England,https://borsetshire.example/,Borsetshire Council
2,E06000009,3,felpersham,England,https://felpersham.example/,Felpersham and Loxley Council
3,S12000001,3,lochside,Scotland,https://lochside.example/,Lochside Council
"""
GOVUK = "entry-number,key,name,official-name,start-date,end-date\n"
LINKS = """\
la,lgsl,lgil,link
borsetshire,older-people-s-bus-pass,reporting,http://old.example/,273,17
fel-persham,free-school-meals,providing-information,http://felpersham.example/a page,4,8
fel-persham,older-people-s-bus-pass,reporting,http://felpersham.example/bus,273,17
"""
DOMAINS = """\
entry-number,key,government-domain,hostname,organisation,start-date,end-date
2,7,7,ambridge,government-organisation: D1,2001-02-03,
1,7,7,ambrige,,2001-02-03,
3,5,5,felpersham,local-authority-eng:FEL,,
"""
BODIES = """\
entry-number,key,government-organisation,name,website,start-date,end-date
1,D1,D1,A department,,,2016-05
"""
PLANNING = """\
lpa,portal_system,url
Borsetshire (Ambridge),Idox,https://planning.example/ambridge
Felpersham and Loxley,Custom,https://planning.example/f#
Sark,-,
"""
FIXMYSTREET = """\
cobrand,council_name,area,uses_open311,echo
Lochside,Lochside Council,Lochside,False,True
Hylte,Hylte kommun,Hylte,False,False
"""
FILES = {
    "registers/uk-local-authorities-history.csv": HISTORY,
    "registers/local-authorities-2026.csv": CURRENT,
    "registers/local-authority-eng.csv": GOVUK,
    "registers/local-authority-sct.csv": GOVUK + "1,LOC,Lochside,The Lochside Council,1996-04-01,\n",
    "registers/principal-local-authority.csv": GOVUK,
    "registers/local-authority-to-region.csv": "organisation,region\nlocal-authority-eng:FEL,east-midlands\n",
    "registers/lgsl_lgil_links.csv": LINKS,
    "registers/government-organisation.csv": BODIES,
    "registers/government-domain.csv": DOMAINS,
    "market/planning-portal-suppliers/planning_portal_suppliers.csv": PLANNING,
    "market/planx/planx_councils.csv": "council,domain\nlochside,planning.lochside.example\n",
    "market/fixmystreet/council_cobrands.csv": FIXMYSTREET,
}


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(TOOLS)
    return importlib.import_module("make_starter")


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def made(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return [{name: value for name, value in row.items() if value} for row in csv.DictReader(io.StringIO(text))]


def test_make_puts_councils_together_from_lists_that_differ(tool: ModuleType, downloads: Path, tmp_path: Path) -> None:
    left_out = tool.make(downloads, tmp_path)
    councils = {row["local-authority"]: row for row in made(tmp_path / "local-authority.csv")}
    assert councils["BOU"] == {
        "local-authority": "BOU",
        "organisation": "borsetshire",
        "name": "Borsetshire",
        "official-name": "Borsetshire Council",
        "local-authority-type": "UA",
        "tier": "single",
        "region": "west-midlands",
        "nation": "England",
        "gss-code": "E06000001",
        "website": "https://borsetshire.example/",
        "start-date": "2023-04-01",
        "point": "52.12346,-1.00000",
        "population": "99",
    }
    county = councils["BOR"]
    assert (county["organisation"], county["end-date"], county["region"]) == ("bor", "2023-03-31", "west-midlands")
    district = councils["AMB"]
    assert (district["organisation"], district["county"]) == ("ambridge", "BOR")
    assert district["official-name"] == "Ambridge District Council"
    assert "start-date" not in district  # a year that was read as a count of days
    assert (councils["FEL"]["organisation"], councils["FEL"]["region"]) == ("felpersham", "east-midlands")
    assert (councils["LOC"]["start-date"], councils["LOC"]["local-authority-type"]) == ("1996-04-01", "CA")
    assert any("Gone Combined Authority" in line for line in left_out)


def test_make_gives_links_of_2018_to_the_council_that_was_meant(
    tool: ModuleType, downloads: Path, tmp_path: Path
) -> None:
    left_out = tool.make(downloads, tmp_path)
    links = made(tmp_path / "service-link.csv.gz")
    assert [(row["organisation"], row["service"], row["lgil"], row["address"]) for row in links] == [
        ("felpersham", "4", "8", "http://felpersham.example/a%20page"),
        ("felpersham", "273", "17", "http://felpersham.example/bus"),
    ]
    assert made(tmp_path / "service.csv") == [
        {"service": "4", "title": "Free school meals", "subject": "Schools and children"},
        {"service": "273", "title": "Older people's bus pass", "subject": "Travel and parking"},
    ]
    assert "service links: 1 of 3 are of 1 councils that no longer exist: borsetshire" in left_out


def test_make_takes_the_last_entry_of_each_domain_and_mends_it(
    tool: ModuleType, downloads: Path, tmp_path: Path
) -> None:
    tool.make(downloads, tmp_path)
    assert made(tmp_path / "government-domain.csv.gz") == [
        {"government-domain": "5", "hostname": "felpersham", "organisation": "local-authority-eng:FEL"},
        {
            "government-domain": "7",
            "hostname": "ambridge",
            "organisation": "government-organisation:D1",
            "start-date": "2001-02-03",
        },
    ]


def test_make_says_who_uses_what_and_what_was_left_out(tool: ModuleType, downloads: Path, tmp_path: Path) -> None:
    left_out = tool.make(downloads, tmp_path)
    told = [
        (row["organisation"], row["product-use"], row["product"], row.get("address", ""))
        for row in made(tmp_path / "product-use.csv")
    ]
    assert told == [
        ("borsetshire", "planning-register-ambridge", "idox-public-access", "https://planning.example/ambridge"),
        ("felpersham", "planning-register", "planning-system-not-identified", "https://planning.example/f"),
        ("lochside", "planning-permission", "planx", "https://planning.lochside.example"),
        ("lochside", "waste", "fixmystreet", ""),
    ]
    assert "planning systems: Sark: not in the United Kingdom" in left_out
    assert "FixMyStreet: Hylte: in Sweden" in left_out


def test_make_again_gives_the_same_bytes(tool: ModuleType, downloads: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    tool.make(downloads, first)
    tool.make(downloads, second)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_make_stops_at_a_council_that_it_cannot_place(tool: ModuleType, downloads: Path, tmp_path: Path) -> None:
    planning = downloads / "market/planning-portal-suppliers/planning_portal_suppliers.csv"
    planning.write_text(PLANNING + "Nowhere,Idox,https://nowhere.example\n")
    with pytest.raises(SystemExit, match="No council of today is called Nowhere"):
        tool.make(downloads, tmp_path)
