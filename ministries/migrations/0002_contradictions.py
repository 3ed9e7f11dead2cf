import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial"), ("ministries", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveBigIntegerField(default=0, verbose_name="version")),
                ("day", models.DateField(null=True, verbose_name="jour")),
                ("done_at", models.DateTimeField(null=True, verbose_name="fait le")),
            ],
            options={
                "verbose_name": "recherche de contradictions",
                "verbose_name_plural": "recherche de contradictions",
            },
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("observed_not_declared", "constatée sans être déclarée"),
                            ("done_not_observed", "déclarée réalisée, non constatée"),
                            ("regression", "constatée, puis plus disponible"),
                            ("restricted", "promise ouverte, accès restreint"),
                            ("stale", "à tenir à jour, mise à jour en retard"),
                            ("abandoned_but_kept", "déclarée abandonnée, pourtant constatée"),
                        ],
                        max_length=30,
                        verbose_name="nature",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="depuis le")),
                ("text", models.TextField(verbose_name="ce qui se contredit")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradictions",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradictions",
                        to="commitments.deadline",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradictions",
                        to="ministries.declaration",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradictions",
                        to="commitments.verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "contradiction",
                "ordering": ("opened_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="ContradictionEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_on", models.DateField(verbose_name="close le")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("ministry_corrected", "ministère corrigé"),
                            ("robot_corrected", "robot corrigé"),
                            ("finding_corrected", "erreur de constat"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                ("text", models.TextField(verbose_name="ce qui l'a close")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "contradiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="ministries.contradiction"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="ministries.contradictionend",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ministries.declaration",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "fin de contradiction",
                "verbose_name_plural": "fins de contradictions",
                "ordering": ("ended_on", "id"),
            },
        ),
        migrations.AddField(
            model_name="contradiction",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="ministries.contradictionend",
            ),
        ),
        migrations.CreateModel(
            name="FalseAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marked_on", models.DateField(verbose_name="signalée le")),
                ("by_function", models.CharField(max_length=200, verbose_name="signalée par (fonction)")),
                ("reason", models.TextField(verbose_name="motif")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="false_alarms",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="false_alarm",
                        to="commitments.verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "fausse alerte",
                "verbose_name_plural": "fausses alertes",
                "ordering": ("marked_on", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="contradictionend",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)),
                fields=("contradiction",),
                name="one_end_per_contradiction_unless_corrected",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows", None)),
                fields=("commitment", "kind"),
                name="one_open_contradiction_per_commitment_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="contradiction_says_what_it_rests_on"
            ),
        ),
        migrations.AddConstraint(
            model_name="falsealarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_function", ""), _negated=True), name="false_alarm_names_a_function"
            ),
        ),
        migrations.AddConstraint(
            model_name="falsealarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="false_alarm_has_a_reason"
            ),
        ),
    ]
