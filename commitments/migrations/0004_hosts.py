from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("commitments", "0003_definition")]

    operations = []
