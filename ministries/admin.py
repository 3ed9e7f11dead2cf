"""Accounts and mandates are managed here; the stream *declared* and the portfolios are only shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from commitments.admin import ModelAdmin, ReadOnlyAdmin
from ministries import models
from ministries.models import Agent

if TYPE_CHECKING:
    ChangeForm = UserChangeForm[Agent]
    CreationForm = AdminUserCreationForm[Agent]
    AgentAdminBase = UserAdmin[Agent]
else:
    ChangeForm, CreationForm, AgentAdminBase = UserChangeForm, AdminUserCreationForm, UserAdmin


class AgentChangeForm(ChangeForm):
    class Meta:
        model = Agent
        fields = "__all__"


class AgentCreationForm(CreationForm):
    class Meta:
        model = Agent
        fields = ("email", "function")


@admin.register(Agent)
class AgentAdmin(AgentAdminBase):
    form = AgentChangeForm
    add_form = AgentCreationForm
    ordering = ("email",)
    list_display = ("email", "function", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "function")
    fieldsets = (
        (None, {"fields": ("email", "password", "proconnect_sub", "function")}),
        ("Droits", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login",)}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "function", "password1", "password2")}),)


@admin.register(models.Mandate)
class MandateAdmin(ModelAdmin):
    """A mandate is ended by its last day, never deleted: what its holder wrote must stay explained."""

    list_display = ("agent", "role", "ministry", "since", "until")
    list_select_related = ("agent", "ministry")
    list_filter = ("role", "ministry")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(models.Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    list_display = ("commitment", "status", "declared_on", "ministry", "by_function")
    list_select_related = ("commitment", "ministry")
    list_filter = ("status", "ministry")


admin.site.register(
    [
        models.Contradiction,
        models.ContradictionEnd,
        models.FalseAlarm,
        models.Ministry,
        models.Organization,
        models.Reshuffle,
        models.Responsibility,
        models.Roadmap,
        models.RoadmapAction,
    ],
    ReadOnlyAdmin,
)
