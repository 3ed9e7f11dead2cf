"""What changed between two days: two lists of situations in, what differs out, before and after. Reads no table.

A promise that changed in several ways is in several lists, once in each: a date that moves is told beside what was
seen. Losing sight of something and finding it again is neither a regression nor a promise kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from commitments.days import in_words
from commitments.findings import State
from commitments.models import Deadline, Verdict
from ministries.contradictions import UNDECIDED
from ministries.models import Declaration
from ministries.standing import Standing

STATES = {State(key): str(label) for key, label in Verdict.STATES}
WORTH = {State.KEPT: 2, State.PARTIAL: 1, State.UNMET: 0, State.GONE: 0}
"""What is seen, from least to most; what is unknown has no place among them."""


@dataclass(frozen=True)
class Change:
    """One thing that differs of a promise. ``was`` and ``now``: in French; ``was`` is empty when there was nothing.

    ``days``: for a date that moved, by how many days (< 0 when brought forward); None when either has no last day.
    """

    after: Standing
    before: Standing | None
    was: str
    now: str
    days: int | None = None

    @property
    def ref(self) -> str:
        return self.after.ref


@dataclass(frozen=True)
class Changes:
    """Each list by reference. ``other``: what was seen otherwise, and who answers, without gain nor loss."""

    added: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    regressed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    declared: tuple[Change, ...] = ()
    other: tuple[Change, ...] = ()
    removed: tuple[Standing, ...] = field(default=())

    @property
    def days_moved(self) -> int:
        """The days of all the dates that moved, added up; those brought forward count against."""
        return sum(change.days or 0 for change in self.moved)

    def __bool__(self) -> bool:
        return any((self.added, self.kept, self.regressed, self.moved, self.declared, self.other, self.removed))


def changes(before: Iterable[Standing], after: Iterable[Standing]) -> Changes:
    """Compare the situations of two days, the earlier first, whatever the order of each list.

    ``removed``: promises of the earlier list that the later one does not have (another question, or withdrawn).
    """
    earlier = {standing.ref: standing for standing in before}
    later = {standing.ref: standing for standing in after}
    pairs = [(earlier[ref], later[ref]) for ref in sorted(later) if ref in earlier]

    def those(differs: Callable[[Standing, Standing], Change | None]) -> tuple[Change, ...]:
        return tuple(change for old, new in pairs if (change := differs(old, new)) is not None)

    return Changes(
        added=tuple(
            Change(later[ref], None, "", f"annoncée le {in_words(later[ref].commitment.announced_on)}")
            for ref in sorted(later.keys() - earlier.keys())
        ),
        kept=those(_kept),
        regressed=those(_regressed),
        moved=those(_moved),
        declared=those(_declared),
        other=(*those(_seen_otherwise), *those(_transferred), *those(_redated)),
        removed=tuple(earlier[ref] for ref in sorted(earlier.keys() - later.keys())),
    )


def _last_known(standing: Standing) -> State | None:
    """What was last seen of a promise that nobody can see now: its state if it is known, else that of its verdicts."""
    if standing.observed.state not in UNDECIDED:
        return standing.observed.state
    known = [
        next((State(v.state) for v in reversed(d.verdicts) if State(v.state) not in UNDECIDED), None)
        for d in standing.deliverables
    ]
    if not known or None in known:
        return None
    states = {state for state in known if state is not None}
    if len(states) == 1:
        return states.pop()
    return State.PARTIAL if states & {State.KEPT, State.PARTIAL} else State.UNMET


def _kept(old: Standing, new: Standing) -> Change | None:
    if new.observed.state == State.KEPT and _last_known(old) != State.KEPT:
        return _seen(old, new)
    return None


def _regressed(old: Standing, new: Standing) -> Change | None:
    was, now = _last_known(old), new.observed.state
    if was is None or now in UNDECIDED or WORTH[now] >= WORTH[was]:
        return None
    return _seen(old, new)


def _seen_otherwise(old: Standing, new: Standing) -> Change | None:
    if old.observed.state == new.observed.state or _kept(old, new) or _regressed(old, new):
        return None
    return _seen(old, new)


def _seen(old: Standing, new: Standing) -> Change:
    return Change(new, old, STATES[old.observed.state], STATES[new.observed.state])


def _moved(old: Standing, new: Standing) -> Change | None:
    """A date given for the first time moved nothing: see ``_redated``."""
    was, now = old.promised.current, new.promised.current
    if was is None or now is None or (was.last_day, was.first_day) == (now.last_day, now.first_day):
        return None
    days = (now.last_day - was.last_day).days if was.last_day and now.last_day else None
    return Change(new, old, _date(was), _date(now), days)


def _redated(old: Standing, new: Standing) -> Change | None:
    """A first date, or the same one announced again in other words."""
    was, now = old.promised.current, new.promised.current
    if now is None or (was is not None and was.pk == now.pk) or _moved(old, new):
        return None
    return Change(new, old, _date(was) if was else "sans échéance", _date(now))


def _date(deadline: Deadline) -> str:
    if deadline.last_day is None or deadline.raw == deadline.last_day.isoformat():
        return deadline.raw or "sans date"
    return f"{deadline.raw} (au plus tard le {in_words(deadline.last_day)})"


def _declared(old: Standing, new: Standing) -> Change | None:
    if new.declared is None or (old.declared is not None and old.declared.pk == new.declared.pk):
        return None
    return Change(new, old, _said(old.declared), _said(new.declared))


def _said(declaration: Declaration | None) -> str:
    if declaration is None:
        return "sans réponse"
    again = " (rien de nouveau)" if declaration.nothing_new else ""
    return f"{declaration.get_status_display()}{again}"


def _transferred(old: Standing, new: Standing) -> Change | None:
    if old.ministry.pk == new.ministry.pk:
        return None
    return Change(new, old, old.ministry.name, new.ministry.name)
