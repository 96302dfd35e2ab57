"""What each service is about, in the words of people who look for it. The grouping is ours."""

from __future__ import annotations

SUBJECTS = {
    "Schools and children": "2 3 4 12 13 14 40 48 159 160 260 1116",
    "Council tax and benefits": "57 59 63 69 72",
    "Housing": "88 92 101 107 115 124 141 147 684",
    "Care and disability": "137 178 209 279 280 287 313 315",
    "Travel and parking": "272 273 471 474 477",
    "Roads and pavements": "537 550 555 557 558 559 564 567 568 591",
    "Bins and recycling": "524 528 533 859",
    "Clean and safe streets": "372 412 431 576 577 580 584 586 587 588 600",
    "Planning, parks and trees": "508 510 512",
    "Libraries": "438 439 440 442",
    "Voting, licences and complaints": "353 364 860 1580",
}
_SUBJECT_OF = {number: subject for subject, numbers in SUBJECTS.items() for number in numbers.split()}


def subject_of(number: str) -> str:
    """The subject of a service by its number in the Local Government Service List; empty if none was given yet."""
    return _SUBJECT_OF.get(number, "")
