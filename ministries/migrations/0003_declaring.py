import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_hosts"),
        ("ministries", "0002_contradictions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="commitments.commitment"
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="ministries.ministry"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("by_function", models.CharField(max_length=200, verbose_name="préparé par (fonction)")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "non démarré"),
                            ("in_progress", "en cours"),
                            ("done", "réalisé"),
                            ("abandoned", "abandonné"),
                            ("replaced", "remplacé"),
                        ],
                        max_length=12,
                        verbose_name="état proposé",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="commentaire public")),
                ("note", models.TextField(blank=True, verbose_name="note privée")),
                (
                    "obstacle_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("law", "cadre juridique"),
                            ("privacy", "données personnelles ou secrets protégés"),
                            ("producer", "accord d'un tiers producteur"),
                            ("quality", "qualité ou documentation des données"),
                            ("technical", "technique ou système d'information"),
                            ("budget", "moyens financiers"),
                            ("people", "moyens humains"),
                            ("decision", "arbitrage attendu"),
                            ("other", "autre"),
                        ],
                        max_length=12,
                        verbose_name="nature de l'obstacle",
                    ),
                ),
                ("obstacle", models.TextField(blank=True, verbose_name="obstacle")),
                ("source_url", models.TextField(blank=True, verbose_name="source publique")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="préparé le")),
            ],
            options={
                "verbose_name": "déclaration préparée",
                "verbose_name_plural": "déclarations préparées",
                "ordering": ("commitment", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by_function", ""), _negated=True), name="draft_names_a_function"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("abandoned", "replaced")), _negated=True),
                        name="what_closes_a_promise_is_not_drafted",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.AddField(
            model_name="declaration",
            name="obstacle_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("law", "cadre juridique"),
                    ("privacy", "données personnelles ou secrets protégés"),
                    ("producer", "accord d'un tiers producteur"),
                    ("quality", "qualité ou documentation des données"),
                    ("technical", "technique ou système d'information"),
                    ("budget", "moyens financiers"),
                    ("people", "moyens humains"),
                    ("decision", "arbitrage attendu"),
                    ("other", "autre"),
                ],
                max_length=12,
                verbose_name="nature de l'obstacle",
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="nothing_new",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="« rien de nouveau », fois de suite"),
        ),
        migrations.AddField(
            model_name="declaration",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="commitments.commitment",
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="draft",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="published_as",
                to="ministries.draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaced_by", None), ("status", "replaced"), _connector="OR"),
                name="only_what_is_replaced_names_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(("obstacle_kind", ""), models.Q(("obstacle", ""), _negated=True), _connector="OR"),
                name="obstacle_of_a_kind_is_explained",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nothing_new", 0),
                    models.Q(("status__in", ("abandoned", "replaced")), _negated=True),
                    _connector="OR",
                ),
                name="closing_is_never_nothing_new",
            ),
        ),
        migrations.CreateModel(
            name="ScopeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deliverable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_changes",
                        to="commitments.deliverable",
                    ),
                ),
                (
                    "aspect",
                    models.CharField(
                        choices=[("access", "accès"), ("kind", "nature du livrable"), ("coverage", "périmètre")],
                        max_length=10,
                        verbose_name="ce qui change",
                    ),
                ),
                ("before", models.CharField(max_length=300, verbose_name="avant")),
                ("after", models.CharField(max_length=300, verbose_name="après")),
                ("reason", models.TextField(verbose_name="motif")),
                ("source_url", models.TextField(blank=True, verbose_name="source publique")),
                ("late", models.BooleanField(default=False, verbose_name="après l'échéance")),
                ("changed_on", models.DateField(verbose_name="annoncé le")),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_changes",
                        to="ministries.ministry",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scope_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_function", models.CharField(max_length=200, verbose_name="annoncé par (fonction)")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistré le")),
            ],
            options={
                "verbose_name": "changement de périmètre",
                "verbose_name_plural": "changements de périmètre",
                "ordering": ("deliverable", "changed_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="scope_change_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_function", ""), _negated=True), name="scope_change_names_a_function"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="commitments.verdict",
                    ),
                ),
                ("text", models.TextField(verbose_name="réponse")),
                ("source_url", models.TextField(blank=True, verbose_name="source publique")),
                ("replied_on", models.DateField(verbose_name="répondu le")),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="ministries.ministry"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_function", models.CharField(max_length=200, verbose_name="répondu par (fonction)")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
            ],
            options={
                "verbose_name": "réponse du ministère",
                "verbose_name_plural": "réponses des ministères",
                "ordering": ("commitment", "replied_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reply_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_function", ""), _negated=True), name="reply_names_a_function"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Postponement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postponement",
                        to="commitments.deadline",
                    ),
                ),
                ("late", models.BooleanField(default=False, verbose_name="annoncé après l'échéance")),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postponements",
                        to="ministries.ministry",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postponements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_function", models.CharField(max_length=200, verbose_name="annoncé par (fonction)")),
            ],
            options={
                "verbose_name": "report",
                "ordering": ("deadline",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by_function", ""), _negated=True), name="postponement_names_a_function"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_function", models.CharField(max_length=200, verbose_name="fonction")),
                (
                    "ministry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="ministries.ministry",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("declare", "a déclaré"),
                            ("nothing_new", "a répondu « rien de nouveau »"),
                            ("postpone", "a déplacé l'échéance"),
                            ("abandon", "a abandonné la promesse"),
                            ("replace", "a remplacé la promesse"),
                            ("change_scope", "a changé le périmètre"),
                            ("reply", "a répondu au constat"),
                            ("prepare", "a préparé une déclaration"),
                            ("locate", "a donné une adresse"),
                            ("unlocate", "a retiré une adresse"),
                            ("decide", "a répondu sur un candidat"),
                            ("check", "a demandé une vérification"),
                            ("read", "a noté un constat humain"),
                            ("transfer", "a transféré la promesse"),
                            ("mandate", "a changé un mandat"),
                        ],
                        max_length=12,
                        verbose_name="acte",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="commitments.commitment",
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=60, verbose_name="ligne écrite")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("form", "formulaire"),
                            ("file", "fichier"),
                            ("admin", "administration"),
                            ("command", "ligne de commande"),
                        ],
                        max_length=10,
                        verbose_name="par",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=255, verbose_name="formulaire ou fichier")),
                ("recorded_at", models.DateTimeField(db_index=True, verbose_name="enregistré le")),
            ],
            options={
                "verbose_name": "acte",
                "ordering": ("-recorded_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by_function", ""), _negated=True), name="act_names_a_function"
                    )
                ],
                "indexes": [],
            },
        ),
    ]
