"""The usual way, as a peer: Django's ListView on the same rows, fifty a page, with what they need read beforehand.

It is favoured: no filter, no day asked, no rule, no compression, no header of safety; the state is the last verdict.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.plain_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import ListView  # noqa: E402

from commitments.models import Commitment  # noqa: E402

TEMPLATE = engines["django"].from_string("""<!doctype html><html lang="fr"><head><meta charset="utf-8">
<title>Promesses</title></head><body><h1>Promesses</h1><p>{{ paginator.count }} promesses</p><table>
<thead><tr><th>Promesse</th><th>Ministère</th><th>Première échéance</th><th>Échéance</th><th>Déclaré</th>
<th>Constaté</th></tr></thead>
<tbody>{% for c in object_list %}<tr><th><a href="/promesses/{{ c.ref }}/">{{ c.title }}</a> {{ c.ref }}</th>
<td>{% for r in c.responsibilities.all %}{{ r.ministry.name }}{% endfor %}</td>
<td>{% for d in c.deadlines.all %}{% if forloop.first %}{{ d.raw }} {{ d.last_day }}{% endif %}{% endfor %}</td>
<td>{% for d in c.deadlines.all %}{% if forloop.last %}{{ d.raw }} {{ d.last_day }}{% endif %}{% endfor %}</td>
<td>{% for d in c.declarations.all %}{% if forloop.last %}{{ d.get_status_display }}{% endif %}{% endfor %}</td>
<td>{% for d in c.deliverables.all %}{% for v in d.verdicts.all %}{% if forloop.last %}{{ v.state }}
{{ v.since }}{% endif %}{% endfor %}{% endfor %}</td></tr>{% endfor %}</tbody></table>
{% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">suite</a>{% endif %}
</body></html>""")


class Promises(ListView):
    queryset = Commitment.objects.order_by("ref").prefetch_related(
        "responsibilities__ministry", "deadlines", "declarations", "deliverables__verdicts"
    )
    paginate_by = 50

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        request: HttpRequest = self.request
        return HttpResponse(TEMPLATE.render(context, request))


urlpatterns: Sequence[Any] = [path("promesses/", Promises.as_view())]
