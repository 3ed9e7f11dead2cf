"""Every address of the workspace, tried by everybody who may not: nothing moves.

The table is held to the code: an address that is not here fails.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.ministries.scene import AMDAC, CONTRIBUTOR, EVERYBODY, OPERATOR, changed, rows
from tests.ministries.scene import scene as scene
from tests.ministries.scene import today as today
from tests.ministries.workspace.conftest import come as come

pytestmark = [pytest.mark.django_db, pytest.mark.streams]

ADDRESSES = {
    "workspace": (
        CONTRIBUTOR,
        {},
        lambda s: {
            "ligne": s.house.commitment.pk,
            f"l{s.house.commitment.pk}-status": "in_progress",
            f"l{s.house.commitment.pk}-seen_deadline": s.deadline,
        },
    ),
    "workspace-quick": (frozenset(), {}, lambda s: {"texte": f"{s.house.commitment.ref} en cours", "reste": "1"}),
    "workspace-drafts": (AMDAC, {}, lambda s: {"promesse": s.draft.pk}),
    "workspace-promise": (
        CONTRIBUTOR,
        {"ref": lambda s: s.house.commitment.ref},
        lambda s: {"acte": "declarer", "status": "in_progress"},
    ),
    "workspace-findings": (frozenset(), {"ref": lambda s: s.said.ref}, lambda s: {"acte": "corriger"}),
    "workspace-definition": (frozenset(), {"ref": lambda s: s.said.ref}, lambda s: {"acte": "definir"}),
    "workspace-robot": (frozenset(), {}, lambda s: {"acte": "frein"}),
    "workspace-reports": (frozenset(), {}, lambda s: {"acte": "publier", "answer": "x"}),
    "workspace-report": (AMDAC, {"pk": lambda s: s.report.pk}, lambda s: {"acte": "publier", "answer": "x"}),
    "workspace-journal": (frozenset(), {}, lambda s: {}),
    "workspace-journal-csv": (frozenset(), {}, lambda s: {}),
    "workspace-campaigns": (
        frozenset(),
        {},
        lambda s: {
            "label": "T3 2026",
            "closes_on": "2026-06-30",
            "occasion": "rim",
            "held_on": "2026-07-01",
        },
    ),
    "workspace-campaign": (frozenset(), {"pk": lambda s: s.campaign.pk}, lambda s: {}),
    "workspace-campaign-act": (OPERATOR, {"pk": lambda s: s.campaign.pk}, lambda s: {"acte": "clore", "avant": "on"}),
    "workspace-reshuffles": (
        OPERATOR,
        {},
        lambda s: {"acte": "ouvrir", "code": "MNV", "name": "Nouveau", "since": "2026-06-15"},
    ),
    "workspace-sheets": (
        AMDAC,
        {},
        lambda s: {"ministere": s.house.ministry.code, "fichier": SimpleUploadedFile("b.csv", s.file)},
    ),
    "workspace-sheet-export": (frozenset(), {"suffix": lambda s: "csv"}, lambda s: {}),
    "workspace-sheet": (frozenset(), {"pk": lambda s: s.upload.pk}, lambda s: {}),
    "workspace-sheet-columns": (
        AMDAC,
        {"pk": lambda s: s.upload.pk},
        lambda s: {"colonne-0": "ref", "colonne-1": "comment"},
    ),
    "workspace-sheet-settle": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {"ligne-2": "new"}),
    "workspace-sheet-apply": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {"sans-le-reste": "1"}),
    "workspace-sheet-drop": (AMDAC, {"pk": lambda s: s.upload.pk}, lambda s: {}),
}
"""By its name: who writes there, what its address holds, and a form that writes when they send it.

Nobody: the page is read, or refuses everybody here (a campaign while another is open; the operator's desk, whose
acts ``test_operator`` does).
"""


def _patterns(resolver):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _patterns(one)


def test_the_table_holds_every_address_of_the_workspace():
    inside = [one for one in get_resolver().url_patterns if str(one.pattern) == "espace/"]
    assert {one.name for resolver in inside for one in _patterns(resolver)} == set(ADDRESSES)


def at(scene, name):
    return reverse(name, kwargs={key: value(scene) for key, value in ADDRESSES[name][1].items()})


def test_nobody_who_may_not_writes_by_any_address(scene, come):
    clients = {who: come(who) for who in ("anonymous", *EVERYBODY)}
    before = rows()
    for name, (allowed, _, data) in ADDRESSES.items():
        for who in set(clients) - allowed:
            answer = clients[who].post(at(scene, name), data(scene))
            assert answer.status_code in (200, 302, 403, 404, 405, 422), (name, who)
            if who == "anonymous":
                assert answer.headers["Location"].startswith("/connexion/?next=/espace/"), name
            elif who in ("former", "future", "without_mandate"):
                assert answer.status_code == 403, (name, who)
        assert changed(before, rows()) == set(), name


def test_who_may_does_write_by_that_address(scene, come):
    clients = {who: come(who) for who in ("amdac", "operator")}
    before = rows()
    for name, (allowed, _, data) in ADDRESSES.items():
        if allowed:
            with transaction.atomic():
                clients["amdac" if "amdac" in allowed else "operator"].post(at(scene, name), data(scene))
                assert changed(before, rows()), name
                transaction.set_rollback(True)


def test_a_forged_form_writes_by_no_address(scene):
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.house.agents["operator"], backend="django.contrib.auth.backends.ModelBackend")
    before = rows()
    for name in ADDRESSES:
        assert client.post(at(scene, name), ADDRESSES[name][2](scene)).status_code in (403, 404, 405), name
    assert changed(before, rows()) == set()


def test_every_address_is_framed_by_nobody_and_kept_by_no_cache(scene, come):
    client = come("operator")
    for name in ADDRESSES:
        answer = client.get(at(scene, name))
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], name
        assert "no-store" in answer.headers["Cache-Control"], name
