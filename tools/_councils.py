"""The councils of the United Kingdom, now and before, put together from five lists that differ.

Who there is, when it ended and what took its place: mySociety's history. Who there is today, home pages and the short
names of addresses: the list of 2026. Dates of Scotland and Wales, and names in Welsh: GOV.UK Registers. Regions of
England: the file made for planning data, which is right where the history puts a county into its neighbour's region.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

Row = Mapping[str, str]

# The history counts them among those that exist; both were dissolved in May 2024 when one for the whole area began.
DISSOLVED = {"NTCA", "NECA"}

# The list of 2026 still gives two new councils the GSS code of the county council that they took the place of.
SUCCESSORS = {"NYK": "NYE", "SOM": "SMT"}

# Three became cities after the history was written; one has lost its apostrophe there, one its last words.
OFFICIAL_NAMES = {
    "COL": "Colchester City Council",
    "MIK": "Milton Keynes City Council",
    "SOS": "Southend-on-Sea City Council",
    "KIN": "Borough Council of King's Lynn and West Norfolk",
    "LCR": "Liverpool City Region Combined Authority",
}
# Short names: GOV.UK Registers' where it is the better known, without abbreviations, and one that was another's.
NAMES = {
    "BKM": "Buckinghamshire",
    "DOR": "Dorset",
    "EDH": "Edinburgh",
    "ELS": "Na h-Eileanan an Iar",
    "KIN": "King's Lynn and West Norfolk",
    "SCB": "Scottish Borders",
    "EMCA": "East Midlands",
    "GLCA": "Greater Lincolnshire",
    "HYCA": "Hull and East Yorkshire",
    "RCT": "Rhondda Cynon Taf",
    "SCR": "South Yorkshire",
    "SHN": "St Helens",
}

# The history puts it into Surrey; the council that replaced it is in Suffolk.
COUNTIES = {"FOR": "SFK"}

# It lies in two regions, so neither is given.
WITHOUT_REGION = {"GLCA"}

# The history's own codes of types, where GOV.UK Registers had another for the same.
TYPES = {"SCO": "CA"}
TIERS = {"upper tier": "upper", "lower tier": "lower", "unitary": "single", "ni district": "single"}


class Councils:
    """`current` maps the code of each council of today to its short name; `left_out` says what was not taken over."""

    def __init__(
        self,
        *,
        history: Sequence[Row],
        current: Sequence[Row],
        england: Sequence[Row],
        scotland: Sequence[Row],
        wales: Sequence[Row],
        regions: Sequence[Row],
    ) -> None:
        self.left_out: list[str] = []
        self._history = {row["local-authority-code"]: row for row in history}
        for code in sorted(DISSOLVED & self._history.keys()):
            self.left_out.append(f"councils: {self._history.pop(code)['official-name']} ({code}): dissolved in 2024")
        self._govuk = {row["key"]: row for row in (*england, *scotland, *wales)}
        self._regions = {row["organisation"].partition(":")[2]: row["region"] for row in regions}
        self._today = self._current(current)
        self.current = {code: row["slug"] for code, row in self._today.items()}
        self.slugs = self._slugs()
        # One slug has a full stop in the history.
        self._before = {row["gov-uk-slug"].replace(".", ""): code for code, row in self._history.items()}
        self._by_name: dict[str, str] = {}
        for code, slug in self.current.items():
            for name in (slug, self._name(code)):
                if self._by_name.setdefault(normal(name), slug) != slug:
                    raise SystemExit(f"Two councils are called {name}.")

    def by_name(self, name: str) -> str | None:
        """The short name of a council of today, by its name or short name however it is written."""
        return self._by_name.get(normal(name))

    def by_slug_of_2018(self, slug: str) -> str | None:
        """The short name today of the council that had this one in 2018, None if that council is gone."""
        code = self._before.get(slug)
        if code is None:
            raise SystemExit(f"The links name {slug}, and no council ever had that short name.")
        return self.current.get(code)

    def rows(self) -> list[dict[str, str]]:
        return [self._row(code) for code in sorted(self._history)]

    def _current(self, rows: Sequence[Row]) -> dict[str, Row]:
        """Code -> row of the list of today, found by GSS code, old ones too."""
        by_gss: dict[str, str] = {}
        for code, row in self._history.items():
            for gss in (row["gss-code"], *row["former-gss-codes"].split(",")):
                if gss:
                    by_gss[gss] = code
        found: dict[str, Row] = {}
        for row in rows:
            code = by_gss[row["gss"]]
            if self._history[code]["end-date"]:
                code = SUCCESSORS[code]
            found[code] = row
        if len(found) != len(rows):
            raise SystemExit("Two rows of the list of today are the same council.")
        return found

    def _slugs(self) -> dict[str, str]:
        """Code -> short name: today's; for a former council its own unless another has it now; else the code."""
        taken = set(self.current.values())
        slugs: dict[str, str] = {}
        for code, row in self._history.items():
            own = self.current.get(code) or row["gov-uk-slug"]
            slugs[code] = own if own and (code in self.current or own not in taken) else code.lower()
        if len(set(slugs.values())) != len(slugs):
            raise SystemExit("Two councils have the same short name.")
        return slugs

    def _row(self, code: str) -> dict[str, str]:
        row = self._history[code]
        today = self._today.get(code)
        successors = [one for one in row["replaced-by"].split(",") if one]
        return {
            "local-authority": code,
            "organisation": self.slugs[code],
            "name": self._name(code),
            "official-name": OFFICIAL_NAMES.get(code, row["official-name"]),
            "name-cy": self._govuk.get(code, {}).get("name-cy", ""),
            "local-authority-type": TYPES.get(row["local-authority-type"], row["local-authority-type"]),
            "tier": TIERS.get(row["powers"], ""),
            "region": self._region(code),
            "nation": row["nation"],
            "gss-code": row["gss-code"],
            "former-gss-codes": row["former-gss-codes"].replace(",", ";"),
            "county": COUNTIES.get(code, row["county-la"]),
            "website": today["homepage_url"] if today else "",
            "start-date": self._start_date(code),
            "end-date": self._end_date(code, successors),
            "replaced-by": ";".join(successors),
            "point": self._point(code),
            "population": str(int(float(row["pop-2020"]))) if row["pop-2020"] else "",
        }

    def _point(self, code: str) -> str:
        """Of a county the middle of its districts' points: the history has Lancashire near Northampton."""
        points = [self._history[code]]
        if TIERS.get(points[0]["powers"]) == "upper":
            points = [row for other, row in self._history.items() if COUNTIES.get(other, row["county-la"]) == code]
        known = [(float(row["lat"]), float(row["long"])) for row in points if row["lat"]]
        if not known:
            return ""
        latitude, longitude = (sum(numbers) / len(known) for numbers in zip(*known, strict=True))
        return f"{latitude:.5f},{longitude:.5f}"

    def _name(self, code: str) -> str:
        return NAMES.get(code, self._history[code]["nice-name"])

    def _region(self, code: str) -> str:
        """England's from the file of regions, else the history; of a former council without one, its successor's."""
        if code in WITHOUT_REGION:
            return ""
        row = self._history[code]
        region = self._regions.get(code) or row["region"].lower().replace(" ", "-")
        if region:
            return region
        followed = {self._region(one) for one in row["replaced-by"].split(",") if one}
        return followed.pop() if len(followed) == 1 else ""

    def _start_date(self, code: str) -> str:
        """GOV.UK Registers' date for Scotland and Wales, else the history's, where it can be true.

        A spreadsheet once read the year 1974 as a day count and made 27 May 1905 of it; the history has 2005 for 1905.
        What year that was and of what is not certain, so those dates are left out, and so is Birmingham's (1986 in one
        list, 1996 in the other).
        """
        row, govuk = self._history[code], self._govuk.get(code, {})
        if row["nation"] in {"Scotland", "Wales"}:
            return govuk["start-date"]
        mistaken = row["start-date"].startswith("2005-") or row["start-date"] == "1996-07-01"
        return "" if mistaken else row["start-date"]

    def _end_date(self, code: str, successors: list[str]) -> str:
        """The last day: where the history gives the successor's first day instead, the day before it."""
        end = self._history[code]["end-date"]
        if end and end in {self._history[one]["start-date"] for one in successors}:
            return (datetime.date.fromisoformat(end) - datetime.timedelta(days=1)).isoformat()
        return end


def normal(name: str) -> str:
    """A name without what differs from list to list: capitals, punctuation, `&` for `and`."""
    return " ".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("&", " and ")))
