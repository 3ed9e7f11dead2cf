from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ministries", "0010_publishing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contradictionend",
            name="cause",
            field=models.CharField(
                choices=[
                    ("ministry_corrected", "ministère corrigé"),
                    ("finding_changed", "constat changé"),
                    ("robot_corrected", "robot corrigé"),
                    ("finding_corrected", "erreur de constat"),
                ],
                max_length=20,
                verbose_name="cause",
            ),
        ),
    ]
