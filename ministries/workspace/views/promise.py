"""One promise in the workspace: everything that its ministry may write of it, each act a plain form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments.models import Candidate, Commitment, Decision, Deliverable, Location, Verdict
from ministries import addressing, declaring, postponing
from ministries.asking import reasons
from ministries.authoring import Author, Refused, StaleForm
from ministries.models import Act, Declaration, Draft
from ministries.permissions import Action, NotMandated, answering
from ministries.standing import Standing, standings
from ministries.words import last_word
from ministries.workspace import forms
from ministries.workspace.access import author, workspace
from ministries.workspace.lines import seen, within_reach
from ministries.workspace.suggesting import Suggestion, Unreachable, suggest


@dataclass
class Page:
    """The promise, who may do what of it, and the forms shown (those refused as they were typed)."""

    commitment: Commitment
    standing: Standing
    deliverables: list[Deliverable]
    may: dict[str, bool]
    bound: dict[str, forms.Seen] = field(default_factory=dict)
    stale: models.Model | None = None
    stale_act: str = ""
    suggestions: list[Suggestion] = field(default_factory=list)
    searched: str = ""
    unreachable: str = ""

    def deliverable(self, pk: int | None) -> Deliverable | None:
        """The deliverable that a form names; another promise's is none of ours. Raises Refused."""
        if pk is None:
            return None
        for one in self.deliverables:
            if one.pk == pk:
                return one
        raise Refused("deliverable", "Ce livrable n'est pas celui de cette promesse.")

    def needed(self, pk: int | None) -> Deliverable:
        found = self.deliverable(pk)
        if found is None:
            raise Refused("deliverable", "Choisissez un livrable.")
        return found


@workspace
@require_http_methods(["GET", "POST"])
def promise(request: Any, ref: str) -> HttpResponse:
    """A promise out of reach is unknown here: a draft of another ministry is not even said to exist."""
    page = _page(request, ref)
    status = 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("acte", ""))
        if act is None:
            raise Http404
        made = _do(request, page, request.POST["acte"], act)
        if made is not None:
            messages.success(request, made)
            return redirect(reverse("workspace-promise", args=[page.commitment.ref]))
        status = 422
        if page.stale_act:
            # Shown again beside what came meanwhile.
            page = _again(request, ref, page)
    else:
        _search(page, request.GET.get("cherche", ""), request.GET.get("livrable", ""))
    return render(request, "workspace/promise.html", _context(request, page), status=status)


def _page(request: Any, ref: str) -> Page:
    asked = within_reach(request.rights).filter(ref=ref)
    found = standings(request.rights.day, commitments=asked)
    if not found:
        raise Http404
    commitment = found[0].commitment
    ministries = [ministry.pk for ministry in answering(commitment, request.rights.day)]
    return Page(
        commitment,
        found[0],
        [one.deliverable for one in found[0].deliverables],
        {action.name.lower(): request.rights.may(action, ministries) for action in Action},
    )


def _again(request: Any, ref: str, before: Page) -> Page:
    page = _page(request, ref)
    page.bound, page.stale, page.stale_act = before.bound, before.stale, before.stale_act
    return page


def _do(request: Any, page: Page, name: str, act: Run) -> str | None:
    """Do what the form asks. Returns what was done, in French; None when it is refused, with the form as typed."""
    form = act.form(page, request.POST)
    page.bound[name] = form
    if not form.is_valid():
        return None
    try:
        return act.write(author(request, act.label), page, form)
    except Refused as refused:
        form.refuse(refused)
        if refused.field == "address":
            _search(page, page.commitment.title, "")
    except NotMandated as error:
        form.add_error(None, str(error))
    except StaleForm as stale:
        page.stale, page.stale_act = stale.latest, name
        page.bound[name] = forms.overtaken(partial(act.form, page), request.POST, stale)
    return None


def _search(page: Page, words: str, deliverable: str) -> None:
    if not words.strip():
        return
    kinds = {str(one.pk): one.kind for one in page.deliverables}
    kind = kinds.get(deliverable) or (page.deliverables[0].kind if page.deliverables else "")
    page.searched = words.strip()[:200]
    try:
        page.suggestions = suggest(words, kind)
    except Unreachable as error:
        page.unreachable = str(error)


# --- the acts ---


@dataclass(frozen=True)
class Run:
    """One act: its name in the journal, its form from what was posted, and what writes it."""

    label: str
    form: Callable[[Page, Any], Any]
    write: Callable[[Author, Page, Any], str]


def _declare_form(page: Page, data: Any = None, **initial: Any) -> forms.DeclareForm:
    return forms.DeclareForm(data, initial=initial, deliverables=page.deliverables)


def _declare(writer: Author, page: Page, form: forms.DeclareForm) -> str:
    said = {n: form.words(n) for n in ("status", "comment", "note", "obstacle_kind", "obstacle", "source_url")}
    if not page.may["declare"]:
        pending = page.commitment.drafts.pending().last()
        declaring.prepare(writer, page.commitment, seen=pending.pk if pending else None, **said)
        return "Déclaration préparée : un AMDAC peut la publier."
    draft = None
    if form.number("draft") is not None:
        draft = Draft.objects.filter(commitment=page.commitment, pk=form.number("draft") or 0).first()
        if draft is None:
            raise Refused("draft", "Cette déclaration préparée n'est pas celle de cette promesse.")
    declaring.declare(
        writer,
        page.commitment,
        seen=form.number("seen"),
        address=form.words("address") or form.words("suggestion"),
        deliverable=page.deliverable(form.number("deliverable")),
        draft=draft,
        **said,
    )
    return "Déclaration enregistrée."


def _nothing_new(writer: Author, page: Page, form: forms.Seen) -> str:
    row = declaring.nothing_new(writer, page.commitment, seen=form.number("seen"))
    times = "" if row.nothing_new == 1 else f", {row.nothing_new}e fois de suite"
    return f"« Rien de nouveau » enregistré{times}."


def _postpone(writer: Author, page: Page, form: forms.PostponeForm) -> str:
    row = postponing.postpone(
        writer,
        page.commitment,
        raw=form.words("raw"),
        reason=form.words("reason"),
        source_url=form.words("source_url"),
        seen=form.number("seen"),
    )
    return f"Nouvelle échéance enregistrée : « {row.raw} », soit au plus tard le {row.last_day:%d/%m/%Y}."


def _abandon(writer: Author, page: Page, form: forms.AbandonForm) -> str:
    declaring.abandon(
        writer,
        page.commitment,
        reason=form.words("reason"),
        source_url=form.words("source_url"),
        seen=form.number("seen"),
    )
    return "Abandon enregistré."


def _replace(writer: Author, page: Page, form: forms.ReplaceForm) -> str:
    by = Commitment.objects.public().filter(ref__iexact=form.words("by").strip()).first()
    if by is None:
        raise Refused("by", "Aucune promesse publique ne porte cette référence.")
    declaring.replace(
        writer,
        page.commitment,
        by=by,
        reason=form.words("reason"),
        source_url=form.words("source_url"),
        seen=form.number("seen"),
    )
    return f"Remplacement par {by.ref} enregistré."


def _change_scope(writer: Author, page: Page, form: forms.ScopeForm) -> str:
    aspect = form.words("aspect")
    after = {"access": "after_access", "kind": "after_kind"}.get(aspect, "after")
    postponing.change_scope(
        writer,
        page.needed(form.number("deliverable")),
        aspect=aspect,
        after=form.words(after),
        reason=form.words("reason"),
        source_url=form.words("source_url"),
        seen=form.number("seen"),
    )
    return "Changement de périmètre enregistré : le robot continue de juger ce qui était promis."


def _reply(writer: Author, page: Page, form: forms.ReplyForm) -> str:
    verdict = None
    if form.number("verdict") is not None:
        verdict = Verdict.objects.filter(pk=form.number("verdict") or 0, deliverable__in=page.deliverables).first()
        if verdict is None:
            raise Refused("verdict", "Ce constat n'est pas celui de cette promesse.")
    declaring.reply(
        writer,
        page.commitment,
        text_=form.words("text_"),
        source_url=form.words("source_url"),
        verdict=verdict,
    )
    return "Réponse publiée."


def _locate(writer: Author, page: Page, form: forms.AddressForm) -> str:
    addressing.locate(writer, page.needed(form.number("deliverable")), url=form.words("address"))
    return "Adresse enregistrée : le robot ira voir."


def _location(page: Page, form: forms.Seen) -> Location:
    found = Location.objects.filter(pk=form.number("seen") or 0, deliverable__in=page.deliverables)
    location = found.select_related("deliverable__commitment").first()
    if location is None:
        raise Refused("location", "Cette adresse n'est pas celle de cette promesse.")
    return location


def _unlocate(writer: Author, page: Page, form: forms.Seen) -> str:
    addressing.unlocate(writer, _location(page, form))
    return "Adresse retirée : ce qui y a été vu reste."


def _check(writer: Author, page: Page, form: forms.Seen) -> str:
    if addressing.check_now(writer, _location(page, form)):
        return "Vérification demandée : le constat change dès que le robot est passé."
    return "La file d'attente est en panne : la vérification est notée et se fera à son retour."


def _decide(writer: Author, page: Page, form: Any) -> str:
    candidate = Candidate.objects.filter(pk=form.number("candidate") or 0, deliverable__in=page.deliverables).first()
    if candidate is None:
        raise Refused("candidate", "Ce candidat n'est pas celui de cette promesse.")
    decision = addressing.decide(writer, candidate, answer=form.words("answer"), seen=form.number("seen"))
    return f"Réponse enregistrée : {decision.get_answer_display()}."


def _plain(kind: type[forms.Seen]) -> Callable[[Page, Any], forms.Seen]:
    return lambda page, data: kind(data)


ACTS = {
    "declarer": Run("déclarer", _declare_form, _declare),
    "rien": Run("rien de nouveau", _plain(forms.Seen), _nothing_new),
    "reporter": Run("reporter", _plain(forms.PostponeForm), _postpone),
    "abandonner": Run("abandonner", _plain(forms.AbandonForm), _abandon),
    "remplacer": Run("remplacer", _plain(forms.ReplaceForm), _replace),
    "perimetre": Run("changer le périmètre", _plain(forms.ScopeForm), _change_scope),
    "repondre": Run("répondre au constat", _plain(forms.ReplyForm), _reply),
    "adresse": Run("donner une adresse", _plain(forms.AddressForm), _locate),
    "retirer": Run("retirer une adresse", _plain(forms.Seen), _unlocate),
    "verifier": Run("vérifier maintenant", _plain(forms.Seen), _check),
    "candidat": Run("répondre sur un candidat", _plain(forms.CandidateForm), _decide),
}
"""What may be posted, by the form's hidden ``acte``."""


def _context(request: Any, page: Page) -> dict[str, Any]:
    standing, commitment = page.standing, page.commitment
    declaration, deadline = seen(standing)
    last, draft = standing.declared, commitment.drafts.pending().last()
    before = draft or last
    told = {
        "status": before.status if before and before.status not in Declaration.CLOSING else "",
        **({"comment": draft.comment, "note": draft.note} if draft else {}),
        "obstacle_kind": before.obstacle_kind if before else "",
        "obstacle": before.obstacle if before else "",
        "seen": declaration,
        "draft": draft.pk if draft else None,
    }
    asked = request.GET.get("etat", "")
    if asked in dict(forms.STATUSES):
        told["status"] = asked
    blank: dict[str, forms.Seen] = {
        "declarer": _declare_form(page, **told),
        "reporter": forms.PostponeForm(initial={"seen": deadline}),
        "abandonner": forms.AbandonForm(initial={"seen": declaration}),
        "remplacer": forms.ReplaceForm(initial={"seen": declaration}),
    }
    verdicts = [one.verdicts[-1] for one in standing.deliverables if one.verdicts]
    blank["repondre"] = forms.ReplyForm(initial={"verdict": verdicts[0].pk if len(verdicts) == 1 else None})
    notes_of = request.rights.ministries(Action.READ_NOTES)
    everyones = request.rights.everywhere(Action.READ_NOTES)
    declarations = commitment.declarations.select_related("ministry", "replaced_by").order_by("-declared_on", "-id")
    stale = page.stale
    return {
        "page": page,
        "s": standing,
        "why": reasons(standing, last_word(commitment, until=standing.as_of)),
        "seen_declaration": declaration,
        "forms": {**blank, **page.bound},
        "opened": next(iter(page.bound), ""),
        "declarations": [(row, everyones or row.ministry_id in notes_of) for row in declarations],
        "stale": stale,
        "stale_note": isinstance(stale, Declaration) and (everyones or stale.ministry_id in notes_of),
        "draft": draft if draft and request.rights.may(Action.READ_DRAFTS, [draft.ministry_id]) else None,
        "replies": commitment.replies.select_related("ministry").order_by("-replied_on", "-id"),
        "deliverables": [
            {
                "d": one,
                "changes": list(one.deliverable.scope_changes.select_related("ministry")),
                "candidates": Candidate.objects.pending().filter(deliverable=one.deliverable),
                "scope": forms.ScopeForm(
                    initial={
                        "deliverable": one.deliverable.pk,
                        "seen": getattr(one.deliverable.scope_changes.last(), "pk", None),
                    },
                    auto_id=f"d{one.deliverable.pk}_%s",
                ),
            }
            for one in standing.deliverables
        ],
        "candidate_answers": [
            (Decision.Answer.YES, "C’est lui"),
            (Decision.Answer.PART, "C’en est une partie"),
            (Decision.Answer.NO, "Ce n’est pas ce qui était promis"),
        ],
        "acts": Act.objects.filter(commitment=commitment).select_related("ministry")[:30],
    }
