import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_candidates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Definition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criteria", models.JSONField(verbose_name="critères")),
                ("removed", models.JSONField(default=list, verbose_name="critères retirés")),
                ("softened_late", models.BooleanField(default=False, verbose_name="adoucie après l'échéance")),
                ("since", models.DateField(verbose_name="depuis le")),
                ("reason", models.TextField(verbose_name="motif")),
                ("decided_by", models.CharField(max_length=200, verbose_name="décidée par (fonction)")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "deliverable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="definitions",
                        to="commitments.deliverable",
                    ),
                ),
            ],
            options={
                "verbose_name": "définition",
                "ordering": ("deliverable", "since", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="definition_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True), name="definition_names_a_function"
                    ),
                ],
            },
        ),
    ]
