"""What the forms carry. They check nothing of the trade: the write functions do, and say what is wrong by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms

from commitments.models import Deliverable
from ministries.authoring import Refused, StaleForm
from ministries.declaring import OPEN_STATUSES
from ministries.models import Obstacle, ScopeChange
from ministries.workspace.quick import NOTHING_NEW as NOTHING_NEW

Made = TypeVar("Made", bound=forms.Form)

STATUSES = [(str(status.value), status.label) for status in OPEN_STATUSES]
OBSTACLES = [("", "— aucun —"), *Obstacle.choices]


class Seen(forms.Form):
    """Ids are numbers, or nothing: a forged one is a form that had seen something else."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def clean(self) -> dict[str, Any] | None:
        if any(field.errors for field in self.hidden_fields()):
            self.add_error(None, "Ce formulaire ne se lit pas : rechargez la page, puis recommencez.")
        return super().clean()

    def words(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def number(self, name: str) -> int | None:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, int) else None

    def refuse(self, refused: Refused) -> None:
        """Put the sentence beside the field it is about, above all of them when it is not shown here."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)


def overtaken(
    make: Callable[[dict[str, Any]], Made], typed: Mapping[str, Any], stale: StaleForm, name: str = "seen"
) -> Made:
    """The form as it was typed, which has now seen what came meanwhile: sent again, it writes after it, knowingly.

    ``name``: the field that says what was seen.
    """
    seen = str(stale.latest.pk) if stale.latest is not None else ""
    form = make({**{field: typed.get(field) for field in typed}, name: seen})
    form.is_valid()
    form.add_error(None, str(stale))
    return form


def text_field(label: str, *, rows: int = 2, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text, strip=False)


def line_field(label: str, *, help_text: str = "", **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.TextInput(attrs=attrs), help_text=help_text, strip=False
    )


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, as browsers write it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class LineForm(Seen):
    """One line of the inbox: everything is optional, an empty line is left alone."""

    status = forms.ChoiceField(
        label="Réponse",
        required=False,
        choices=[("", "— pas de réponse —"), (NOTHING_NEW, "rien de nouveau"), *STATUSES],
    )
    comment = line_field("Commentaire public", autocomplete="off")
    obstacle_kind = forms.ChoiceField(label="Obstacle", required=False, choices=OBSTACLES)
    obstacle = line_field("L’obstacle en quelques mots", autocomplete="off")
    address = line_field("Adresse où le constater", autocomplete="off", inputmode="url")
    seen_deadline = forms.IntegerField(required=False, widget=forms.HiddenInput)
    raw = line_field("Nouvelle échéance", autocomplete="off", placeholder="T3 2027")
    reason = line_field("Motif du report (public)", autocomplete="off")

    SAID = ("status", "comment", "obstacle_kind", "obstacle", "address", "raw", "reason")

    @property
    def blank(self) -> bool:
        return not any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.SAID)


class DeclareForm(Seen):
    status = forms.ChoiceField(label="État", required=False, choices=[("", "— choisir —"), *STATUSES])
    comment = text_field("Commentaire public", rows=3)
    obstacle_kind = forms.ChoiceField(
        label="Obstacle", required=False, choices=OBSTACLES, help_text="Obligatoire quand l’échéance est passée."
    )
    obstacle = text_field("L’obstacle en quelques mots (public)")
    source_url = line_field("Source publique", inputmode="url")
    note = text_field("Note privée", help_text="Lue seulement par votre ministère et les cabinets.")
    address = line_field("Adresse où constater ce qui est réalisé", inputmode="url")
    suggestion = forms.CharField(required=False, widget=forms.HiddenInput)
    deliverable = forms.IntegerField(label="Livrable concerné par cette adresse", required=False)
    draft = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, deliverables: list[Deliverable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "— le seul —" if len(deliverables) == 1 else "— choisir —")]
        choices += [(str(one.pk), f"{one.label} ({one.get_kind_display()})") for one in deliverables]
        self.fields["deliverable"].widget = forms.Select(choices=choices)


class PostponeForm(Seen):
    raw = line_field(
        "Nouvelle échéance",
        help_text="Comme elle s’annonce : « T3 2027 », « fin 2027 », « 30/09/2027 ».",
        autocomplete="off",
    )
    reason = text_field("Motif (public)")
    source_url = line_field("Document public", inputmode="url")


class AbandonForm(Seen):
    reason = text_field("Motif (public)")
    source_url = line_field("Document public", inputmode="url")


class ReplaceForm(Seen):
    by = line_field("Référence de la promesse qui remplace", autocomplete="off", placeholder="O-12")
    reason = text_field("Motif (public)")
    source_url = line_field("Document public", inputmode="url")


class ScopeForm(Seen):
    """``after_access`` and ``after_kind`` are lists, ``after`` words of one's own: the aspect says which is read."""

    deliverable = forms.IntegerField(widget=forms.HiddenInput, required=False)
    aspect = forms.ChoiceField(label="Ce qui change", choices=ScopeChange.Aspect.choices, required=False)
    after_access = forms.ChoiceField(label="Nouvel accès", choices=Deliverable.ACCESSES, required=False)
    after_kind = forms.ChoiceField(label="Nouvelle nature", choices=Deliverable.KINDS, required=False)
    after = line_field("Nouveau périmètre, en quelques mots", autocomplete="off")
    reason = text_field("Motif (public)")
    source_url = line_field("Document public", inputmode="url")


class ReplyForm(Seen):
    text_ = text_field("Votre réponse (publique)", rows=3)
    source_url = line_field("Document public", inputmode="url")
    verdict = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AddressForm(Seen):
    deliverable = forms.IntegerField(widget=forms.HiddenInput, required=False)
    address = line_field("Adresse de la fiche ou de la page", inputmode="url", autocomplete="off")


class CandidateForm(Seen):
    candidate = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
