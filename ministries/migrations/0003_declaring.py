from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ministries", "0002_contradictions")]

    operations = []
