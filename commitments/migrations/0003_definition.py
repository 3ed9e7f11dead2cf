from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_candidates")]

    operations = []
