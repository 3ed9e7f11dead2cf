import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0004_hosts"), ("ministries", "0004_sheets")]

    operations = [
        migrations.AddField(
            model_name="ministry",
            name="since",
            field=models.DateField(blank=True, null=True, verbose_name="portefeuille ouvert le"),
        ),
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
                    ("ask", "a ouvert une campagne"),
                    ("remind", "a relancé les ministères"),
                    ("freeze", "a clos une campagne"),
                    ("portfolio", "a ouvert un portefeuille"),
                    ("succeed", "a noté une succession"),
                ],
                max_length=12,
                verbose_name="acte",
            ),
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=20, unique=True, verbose_name="trimestre")),
                ("opened_on", models.DateField(verbose_name="ouverte le")),
                ("closes_on", models.DateField(verbose_name="dernier jour pour répondre")),
                (
                    "occasion",
                    models.CharField(
                        choices=[("rim", "RIM"), ("citp", "CITP")], max_length=4, verbose_name="en vue de"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="date de la réunion")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("by_function", models.CharField(max_length=200, verbose_name="ouverte par (fonction)")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistrée le")),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "campagne",
                "ordering": ("-opened_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CampaignLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reasons", models.CharField(blank=True, max_length=80, verbose_name="pourquoi")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="ministries.campaign"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign_lines",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign_lines",
                        to="ministries.ministry",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne de campagne",
                "verbose_name_plural": "lignes de campagne",
                "ordering": ("campaign", "id"),
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="chiffres au")),
                ("closed_on", models.DateField(verbose_name="close le")),
                ("figures", models.JSONField(verbose_name="chiffres")),
                ("by_function", models.CharField(max_length=200, verbose_name="close par (fonction)")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistrée le")),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="edition", to="ministries.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "édition",
                "ordering": ("-as_of", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opening", "ouverture"), ("reminder", "relance"), ("closing", "clôture")],
                        max_length=10,
                        verbose_name="objet",
                    ),
                ),
                ("function", models.CharField(blank=True, max_length=200, verbose_name="fonction")),
                ("not_before", models.DateTimeField(verbose_name="pas avant")),
                ("at_night", models.BooleanField(default=False, verbose_name="même la nuit")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "à envoyer"),
                            ("sending", "en cours d'envoi"),
                            ("sent", "envoyé"),
                            ("refused", "refusé par le serveur de courrier"),
                            ("uncertain", "issue inconnue, jamais renvoyé de lui-même"),
                            ("dropped", "sans objet : campagne, mandat ou compte clos avant l'envoi"),
                            ("nobody", "personne à prévenir : pas d'AMDAC"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="issue",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="pris le")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistré le")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="ministries.campaign"
                    ),
                ),
                (
                    "ministry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="ministries.ministry"
                    ),
                ),
            ],
            options={
                "verbose_name": "avis",
                "verbose_name_plural": "avis",
                "ordering": ("campaign", "id"),
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="à compter du")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                ("by_function", models.CharField(max_length=200, verbose_name="noté par (fonction)")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistrée le")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="ministries.ministry",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="ministries.ministry",
                    ),
                ),
            ],
            options={
                "verbose_name": "succession",
                "ordering": ("on", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gt", models.F("opened_on"))), name="campaign_lasts_a_day_at_least"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_on__gte", models.F("opened_on"))), name="campaign_prepares_what_is_to_come"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_function", ""), _negated=True), name="campaign_names_a_function"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignline",
            constraint=models.UniqueConstraint(
                fields=("campaign", "commitment"), name="a_promise_is_asked_about_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("as_of__lte", models.F("closed_on"))), name="edition_tells_no_day_to_come"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_function", ""), _negated=True), name="edition_names_a_function"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("campaign", "kind", "ministry", "agent"), name="nobody_is_told_the_same_twice"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agent", None)),
                fields=("campaign", "kind", "ministry"),
                name="having_nobody_to_tell_is_said_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "sent"), ("sent_at__isnull", False)),
                    models.Q(models.Q(("outcome", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="only_what_was_sent_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("agent__isnull", False),
                        models.Q(("outcome", "nobody"), _negated=True),
                        models.Q(("function", ""), _negated=True),
                    ),
                    models.Q(("agent__isnull", True), ("function", ""), ("outcome", "nobody")),
                    _connector="OR",
                ),
                name="notice_goes_to_a_function_or_to_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                fields=("predecessor", "successor", "on"), name="a_succession_is_said_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                name="a_portfolio_does_not_succeed_itself",
            ),
        ),
    ]
