import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CatalogueState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "section",
                    models.CharField(
                        choices=[("datasets", "jeux de données"), ("dataservices", "API")],
                        max_length=20,
                        unique=True,
                        verbose_name="catalogue",
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="adresse")),
                ("etag", models.CharField(blank=True, max_length=200)),
                ("last_modified", models.CharField(blank=True, max_length=80, verbose_name="Last-Modified")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="lignes")),
                ("dated_at", models.DateTimeField(blank=True, null=True, verbose_name="catalogue du")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepté le")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="demandé le")),
                ("refusal", models.TextField(blank=True, verbose_name="motif du dernier refus")),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="recherche en cours jusqu'au"),
                ),
            ],
            options={
                "verbose_name": "catalogue",
                "ordering": ("section",),
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "portal",
                    models.CharField(
                        choices=[
                            ("datagouv_dataset", "jeu de données de data.gouv.fr"),
                            ("datagouv_dataservice", "API de data.gouv.fr"),
                        ],
                        max_length=30,
                        verbose_name="portail",
                    ),
                ),
                ("identifier", models.CharField(max_length=24, verbose_name="identifiant")),
                ("url", models.URLField(max_length=1000, verbose_name="adresse")),
                ("title", models.TextField(verbose_name="titre")),
                ("organization", models.TextField(blank=True, verbose_name="organisation")),
                (
                    "organization_id",
                    models.CharField(blank=True, max_length=24, verbose_name="identifiant de l'organisation"),
                ),
                ("created_on", models.DateField(blank=True, null=True, verbose_name="mis en ligne le")),
                ("score", models.FloatField(verbose_name="ressemblance")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("reasons", models.JSONField(default=list, verbose_name="raisons")),
                ("method_version", models.CharField(max_length=8, verbose_name="version de la recherche")),
                ("first_proposed_at", models.DateTimeField(verbose_name="proposé d'abord le")),
                ("last_proposed_at", models.DateTimeField(verbose_name="proposé en dernier le")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="plus proposé depuis le")),
                (
                    "deliverable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="commitments.deliverable",
                    ),
                ),
            ],
            options={
                "verbose_name": "candidat",
                "ordering": ("deliverable", "rank", "id"),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "c'est lui"), ("no", "non"), ("part", "une partie")],
                        max_length=4,
                        verbose_name="réponse",
                    ),
                ),
                ("by_function", models.CharField(max_length=300, verbose_name="fonction")),
                ("agent_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="agent")),
                ("comment", models.TextField(blank=True, verbose_name="commentaire")),
                ("decided_at", models.DateTimeField(verbose_name="répondu le")),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="commitments.candidate",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="commitments.location",
                    ),
                ),
                (
                    "reading",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="commitments.reading",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse sur un candidat",
                "verbose_name_plural": "réponses sur des candidats",
                "ordering": ("candidate", "id"),
            },
        ),
        migrations.CreateModel(
            name="MatchRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="commencée le")),
                ("finished_at", models.DateTimeField(verbose_name="terminée le")),
                ("catalogue_at", models.DateTimeField(blank=True, null=True, verbose_name="catalogue du")),
                ("rows", models.PositiveIntegerField(verbose_name="fiches comparées")),
                ("promises", models.PositiveIntegerField(verbose_name="promesses cherchées")),
                ("proposed", models.PositiveIntegerField(verbose_name="candidats proposés")),
                ("truth", models.PositiveIntegerField(verbose_name="promesses dont la fiche est connue")),
                ("precision", models.FloatField(blank=True, null=True, verbose_name="précision à 5")),
                ("recall", models.FloatField(blank=True, null=True, verbose_name="rappel à 5")),
                ("threshold", models.FloatField(verbose_name="seuil")),
                ("method_version", models.CharField(max_length=8, verbose_name="version de la recherche")),
                ("warnings", models.JSONField(default=list, verbose_name="avertissements")),
            ],
            options={
                "verbose_name": "recherche de candidats",
                "verbose_name_plural": "recherches de candidats",
                "ordering": ("-started_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recall", None), ("truth", 0)),
                            models.Q(("truth__gt", 0), models.Q(("recall", None), _negated=True)),
                            _connector="OR",
                        ),
                        name="recall_is_measured_on_known_records",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                fields=("deliverable", "portal", "identifier"), name="one_candidate_per_record_and_deliverable"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1), ("rank__lte", 5)), name="at_most_five_candidates"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="candidate_score_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_proposed_at__lte", models.F("last_proposed_at"))),
                name="candidate_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "no"), ("location", None)),
                    models.Q(models.Q(("answer", "no"), _negated=True), models.Q(("location", None), _negated=True)),
                    _connector="OR",
                ),
                name="only_an_accepted_candidate_has_a_location",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reading", None), ("answer", "part"), _connector="OR"),
                name="only_a_part_gives_a_reading",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_function", ""), _negated=True), name="decision_says_by_whom"
            ),
        ),
    ]
