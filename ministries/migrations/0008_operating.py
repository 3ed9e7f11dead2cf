from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ministries", "0007_courses"),
    ]

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
                    ("ask", "a ouvert une campagne"),
                    ("remind", "a relancé les ministères"),
                    ("freeze", "a clos une campagne"),
                    ("portfolio", "a ouvert un portefeuille"),
                    ("succeed", "a noté une succession"),
                    ("false_alarm", "a signalé une fausse alerte du robot"),
                    ("define", "a changé la définition d'un livrable"),
                    ("brake", "a répondu au frein"),
                    ("spare", "a demandé de laisser un serveur tranquille"),
                    ("resume", "a mis fin à une exception"),
                ],
                max_length=12,
                verbose_name="acte",
            ),
        ),
    ]
