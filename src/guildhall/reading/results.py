"""What a search of the whole hall found, as pages and programs tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from guildhall.kit.bounded import SECONDS, bounded
from guildhall.reading import addresses
from guildhall.registers.followers import search as follower
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import text
from guildhall.search import find, marks, plan, vocabulary
from guildhall.search.find import Cursor, Hit
from guildhall.search.marks import Piece
from guildhall.search.plan import Plan, Reason

TITLES = {
    follower.COUNCIL: gettext_lazy("Councils"),
    follower.ORGANISATION: gettext_lazy("Organisations"),
    follower.PRODUCT: gettext_lazy("Products"),
    follower.LIST: gettext_lazy("Lists"),
    follower.STANDARD: gettext_lazy("Data standards"),
    follower.RECORD: gettext_lazy("Records"),
}
_DOT = " · "


@dataclass(frozen=True)
class Result:
    """One thing that was found; `title` and `excerpt` are marked, `register` is the list that it is a record of."""

    kind: str
    key: str
    title: str
    marked_title: Markup
    url: str
    register: Register
    reason: str
    excerpt: Markup


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `total` is not counted beyond find.MOST_COUNTED; `after` leads to more."""

    kind: str
    results: list[Result]
    total: int
    is_more_than_counted: bool
    after: str | None

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])


@dataclass(frozen=True)
class Results:
    """`suggestions` are whole searches that would find more, offered where little was found."""

    plan: Plan
    groups: list[Group]
    suggestions: list[str]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def is_more_than_counted(self) -> bool:
        return any(group.is_more_than_counted for group in self.groups)


# Where fewer are found, other words are suggested.
_FEW = 3


def search(query: str, *, kinds: Sequence[str], limit: int, start: Cursor | None = None) -> Results:
    """The best of each kind, kinds without any left out. Raises TooLongError."""
    with bounded(SECONDS, remedy=_("Add a word that fewer records have.")):
        read = plan.read(query)
        without = text.unsearchable()
        found = {kind: find.find(read, kind=kind, limit=limit, start=start, without=without) for kind in kinds}
        shown = _Shown([hit for one in found.values() for hit in one.hits], read)
        groups = [
            Group(
                kind,
                [shown.result(hit) for hit in one.hits],
                min(one.total, find.MOST_COUNTED),
                one.is_more_than_counted,
                str(one.after) if one.after else None,
            )
            for kind, one in found.items()
            if one.total
        ]
        few = sum(group.total for group in groups) < _FEW
        return Results(read, groups, _suggestions(read) if few and not read.instead else [])


def _suggestions(read: Plan) -> list[str]:
    """The same search with one word put as more documents have it."""
    words = [word.text for word in read.words]
    return [
        " ".join([*words[:place], likelier, *words[place + 1 :]])
        for place, word in enumerate(words)
        for likelier in vocabulary.likelier(word)
    ][:3]


class _Shown:
    """Looks up, in two queries, the lists and the councils of all hits."""

    def __init__(self, hits: Iterable[Hit], read: Plan) -> None:
        self._plan = read
        hits = list(hits)
        collections = {hit.document.collection for hit in hits}
        self._registers = Register.objects.select_related("organisation").in_bulk(collections)
        codes = {hit.document.key for hit in hits if hit.document.kind == follower.COUNCIL}
        rows = Organisation.objects.filter(kind="council", local_authority__in=codes).order_by("start_date")
        self._slugs = dict(rows.values_list("local_authority", "slug"))

    def result(self, hit: Hit) -> Result:
        document = hit.document
        register = self._registers[document.collection]
        return Result(
            kind=document.kind,
            key=document.key,
            title=document.title,
            marked_title=_markup(marks.marked(document.title, self._plan)),
            url=self._url(document.kind, register.path, document.key),
            register=register,
            reason=reason_words(hit.reason, self._plan),
            excerpt=_markup(marks.excerpt(document.text.replace(follower.BETWEEN, _DOT), self._plan)),
        )

    def _url(self, kind: str, path: str, key: str) -> str:
        if kind == follower.LIST:
            return addresses.register(key)
        if kind == follower.STANDARD:
            return addresses.standard(key)
        if kind == follower.COUNCIL and key in self._slugs:
            return f"/councils/{self._slugs[key]}"
        return addresses.record(path, key)


def reason_words(reason: Reason, read: Plan) -> str:
    """Why something was found: "in its name, spelt like “hackney”"."""
    where = {
        Reason.KEY: _("by its key"),
        Reason.NAME: _("by its name"),
        Reason.TITLE: _("in its name"),
        Reason.TEXT: _("in its text"),
        Reason.CONTEXT: _("by its list"),
    }[reason]
    if reason in {Reason.KEY, Reason.NAME}:
        return where
    return ", ".join([where, *replacements(read)])


def replacements(read: Plan) -> list[str]:
    """What was looked for in place of words that nothing has."""
    return [
        (_("beginning like “%(word)s”") if word.is_beginning else _("spelt like “%(word)s”")) % {"word": word.text}
        for word in read.words
        if word.instead
    ]


def _markup(pieces: list[Piece]) -> Markup:
    mark = Markup('<mark class="gh-mark">{}</mark>')
    return Markup("").join(mark.format(piece.text) if piece.is_marked else piece.text for piece in pieces)
