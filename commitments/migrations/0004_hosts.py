from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0003_definition"),
    ]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, unique=True, verbose_name="serveur")),
                ("minute", models.DateTimeField(blank=True, null=True, verbose_name="minute en cours")),
                ("sent", models.PositiveIntegerField(default=0, verbose_name="demandes dans la minute")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="échecs de suite")),
                ("paused_until", models.DateTimeField(blank=True, null=True, verbose_name="en pause jusqu'au")),
                ("cause", models.CharField(blank=True, max_length=40, verbose_name="cause de la pause")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="dernière demande")),
            ],
            options={
                "verbose_name": "serveur interrogé",
                "verbose_name_plural": "serveurs interrogés",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="HostException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(max_length=255, verbose_name="serveur")),
                ("reason", models.TextField(verbose_name="motif")),
                ("since", models.DateTimeField(verbose_name="depuis le")),
                ("until", models.DateTimeField(verbose_name="jusqu'au")),
                ("decided_by", models.CharField(max_length=200, verbose_name="décidée par (fonction)")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
            ],
            options={
                "verbose_name": "exception",
                "ordering": ("-since",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="exception_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="exception_has_a_reason"
                    ),
                ],
            },
        ),
    ]
