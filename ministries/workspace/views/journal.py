"""The journal: who wrote what, when, from which form or file, for the ministries of whoever reads it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ministries.models import Act
from ministries.permissions import Action
from ministries.workspace.access import workspace
from ministries.workspace.lines import within_reach

PER_PAGE = 100


@workspace
@require_safe
def journal(request: Any) -> HttpResponse:
    acts = Act.objects.select_related("ministry", "commitment")
    if not request.rights.everywhere(Action.READ_JOURNAL):
        mine = Q(ministry__in=request.rights.ministries(Action.READ_JOURNAL))
        acts = acts.filter(mine | Q(commitment__in=within_reach(request.rights)))
    found = Paginator(acts, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workspace/journal.html", {"found": found})
