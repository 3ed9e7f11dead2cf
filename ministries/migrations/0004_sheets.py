import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ministries", "0003_declaring")]

    operations = [
        migrations.AlterField(
            model_name="act",
            name="verb",
            field=models.CharField(
                choices=[
                    ("declare", "a déclaré"),
                    ("nothing_new", "a répondu « rien de nouveau »"),
                    ("postpone", "a déplacé l'échéance"),
                    ("abandon", "a abandonné la promesse"),
                    ("replace", "a remplacé la promesse"),
                    ("change_scope", "a changé le périmètre"),
                    ("reply", "a répondu au constat"),
                    ("prepare", "a préparé une déclaration"),
                    ("propose", "a préparé une promesse"),
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
        migrations.CreateModel(
            name="SheetMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("columns", models.JSONField(default=dict, verbose_name="colonnes")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changée le")),
                (
                    "ministry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_mapping",
                        to="ministries.ministry",
                    ),
                ),
            ],
            options={
                "verbose_name": "correspondance de colonnes",
                "verbose_name_plural": "correspondances de colonnes",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_function", models.CharField(max_length=200, verbose_name="envoyé par (fonction)")),
                ("file_name", models.CharField(max_length=255, verbose_name="fichier")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                ("size", models.PositiveIntegerField(verbose_name="octets")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("read", "lu"),
                            ("previewed", "en aperçu"),
                            ("applying", "en cours d'application"),
                            ("applied", "appliqué"),
                            ("dropped", "abandonné"),
                        ],
                        default="read",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="contenu lu")),
                ("columns", models.JSONField(default=dict, verbose_name="colonnes")),
                ("choices", models.JSONField(default=dict, verbose_name="choix")),
                ("plan", models.BinaryField(default=bytes, verbose_name="aperçu")),
                ("counts", models.JSONField(default=dict, verbose_name="décompte")),
                ("problems", models.JSONField(default=list, verbose_name="ce qui a empêché de l'appliquer")),
                ("lease_until", models.DateTimeField(null=True, verbose_name="tenu jusqu'au")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="envoyé le")),
                ("applied_at", models.DateTimeField(null=True, verbose_name="appliqué le")),
                (
                    "absent",
                    models.ManyToManyField(blank=True, related_name="absent_from", to="commitments.commitment"),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to="ministries.ministry"
                    ),
                ),
            ],
            options={
                "verbose_name": "envoi de tableau",
                "verbose_name_plural": "envois de tableaux",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state", "applied")),
                            models.Q(models.Q(("state", "applied"), _negated=True), ("applied_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="only_an_applied_upload_has_a_day",
                    )
                ],
            },
        ),
    ]
