from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]

    operations = []
