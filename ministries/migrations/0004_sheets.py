from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ministries", "0003_declaring")]

    operations = []
