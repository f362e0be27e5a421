from django.db import migrations, models

from cabinet.keys.ring import new_salt


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_forget_clear_lists")]

    operations = [
        migrations.AddField(
            model_name="clientsheet", name="salt", field=models.BinaryField(default=new_salt, editable=False)
        ),
        migrations.RemoveField(model_name="sheetrow", name="values"),
        migrations.RemoveField(model_name="sheetrow", name="problems"),
        migrations.AddField(
            model_name="sheetrow",
            name="sealed",
            field=models.BinaryField(default=b"", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(model_name="sheetrow", name="doubtful", field=models.BooleanField(default=False)),
    ]
