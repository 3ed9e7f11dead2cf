"""The admin shows the streams and changes none of them: rows are added by the functions that write, never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from commitments import models

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Look, search, never touch: not even a superuser may edit what was promised or seen."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ("ref", "title", "announced_on", "visibility")
    list_filter = ("visibility", "announced_in")
    search_fields = ("search_text",)


@admin.register(models.Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("commitment", "raw", "last_day", "announced_on", "announced_in")
    list_select_related = ("commitment",)
    search_fields = ("commitment__ref", "raw")


@admin.register(models.Location)
class LocationAdmin(ReadOnlyAdmin):
    list_display = ("deliverable", "portal", "url", "since", "until")
    list_select_related = ("deliverable__commitment",)
    list_filter = ("portal",)


@admin.register(models.Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ("location", "outcome", "cause", "first_seen_at", "last_seen_at", "checks")
    list_select_related = ("location",)
    list_filter = ("outcome", "cause")


@admin.register(models.Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ("commitment", "state", "read_raw", "opened_on")
    list_select_related = ("commitment",)
    list_filter = ("state",)


@admin.register(models.Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ("deliverable", "state", "since", "rule_version", "recorded_at")
    list_select_related = ("deliverable__commitment",)
    list_filter = ("state",)


@admin.register(models.PollRun)
class PollRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "status", "expected", "asked", "failed", "changed")
    list_filter = ("status",)


admin.site.register(
    [
        models.Citp,
        models.Deliverable,
        models.Engagement,
        models.Publisher,
        models.Recommendation,
        models.RecommendationWording,
        models.Revision,
        models.Watch,
    ],
    ReadOnlyAdmin,
)
