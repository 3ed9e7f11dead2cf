import django.db.models.deletion
from django.db import migrations, models

import commitments.findings


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_hosts"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="access",
            field=models.CharField(
                blank=True,
                choices=[
                    (commitments.findings.Access["OPEN"], "ouvert"),
                    (commitments.findings.Access["OPEN_WITH_ACCOUNT"], "ouvert avec un compte"),
                    (commitments.findings.Access["RESTRICTED"], "sur habilitation"),
                    (commitments.findings.Access["UNSAID"], "non précisé"),
                ],
                max_length=20,
                verbose_name="accès constaté",
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="by_function",
            field=models.CharField(blank=True, max_length=200, verbose_name="constaté par (fonction)"),
        ),
        migrations.AddField(
            model_name="reading",
            name="coverage",
            field=models.CharField(blank=True, max_length=300, verbose_name="couverture constatée"),
        ),
        migrations.AddField(
            model_name="reading",
            name="formats",
            field=models.CharField(blank=True, max_length=200, verbose_name="formats constatés"),
        ),
        migrations.AddField(
            model_name="reading",
            name="licence",
            field=models.CharField(blank=True, max_length=200, verbose_name="licence constatée"),
        ),
        migrations.CreateModel(
            name="BrakeAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("confirmed", "confirmé"), ("dismissed", "écarté")],
                        max_length=10,
                        verbose_name="réponse",
                    ),
                ),
                ("reason", models.TextField(verbose_name="motif")),
                ("decided_by", models.CharField(max_length=200, verbose_name="décidée par (fonction)")),
                ("decided_at", models.DateTimeField(verbose_name="décidée le")),
                (
                    "verdicts",
                    models.PositiveIntegerField(default=0, verbose_name="constats changés ou observations écartées"),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="commitments.pollrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse au frein",
                "verbose_name_plural": "réponses au frein",
                "ordering": ("-decided_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="brake_answer_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True), name="brake_answer_names_a_function"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HostExceptionEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_at", models.DateTimeField(verbose_name="finie le")),
                ("reason", models.TextField(verbose_name="motif")),
                ("decided_by", models.CharField(max_length=200, verbose_name="décidée par (fonction)")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "exception",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="commitments.hostexception"
                    ),
                ),
            ],
            options={
                "verbose_name": "fin d'exception",
                "verbose_name_plural": "fins d'exceptions",
                "ordering": ("-ended_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="exception_end_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True), name="exception_end_names_a_function"
                    ),
                ],
            },
        ),
    ]
