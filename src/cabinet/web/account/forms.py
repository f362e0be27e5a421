"""allauth's forms in our words: every label, help and refusal is set here, once."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict

from cabinet.accounts.invitations import may_ask_for_reset
from cabinet.accounts.models import User

EMAIL = "Adresse e-mail"
PASSWORD = "Mot de passe"  # noqa: S105  # a label
NEW_PASSWORD_HELP = "12 caractères au moins. Une phrase se retient mieux qu’un mot."  # noqa: S105  # a sentence


def _say(field: forms.Field, label: str, *, missing: str, help_text: str = "") -> None:
    field.label = label
    field.help_text = help_text
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


def _say_email(field: forms.Field) -> None:
    _say(field, EMAIL, missing="Saisissez votre adresse e-mail.")
    field.error_messages["invalid"] = "Cette adresse n’est pas complète : elle s’écrit nom@domaine.fr."


def _say_new_passwords(fields: dict[str, forms.Field]) -> None:
    _say(
        fields["password1"], "Nouveau mot de passe", missing="Choisissez un mot de passe.", help_text=NEW_PASSWORD_HELP
    )
    _say(fields["password2"], "Le même, une seconde fois", missing="Saisissez-le une seconde fois.")


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["login"])
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        _say(self.fields["password"], PASSWORD, missing="Saisissez votre mot de passe.")


class ResetRequestForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["email"])

    def clean_email(self) -> str:
        """An invitation that was revoked or is too old is not opened again by asking for a new password."""
        email: str = super().clean_email()
        self.users: list[User] = [user for user in self.users if may_ask_for_reset(user)]
        return email


class ChoosePasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self.fields)


class FirstPasswordForm(forms.Form):
    """The password of somebody who was invited."""

    password1 = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False)
    password2 = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False)

    def __init__(self, user: User | None, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.user = user
        _say_new_passwords(self.fields)
        self.fields["password1"].label = PASSWORD

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password1" in given and given.get("password2") not in {None, given["password1"]}:
            self.add_error("password2", "Les deux mots de passe diffèrent.")
        return given


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], "Mot de passe actuel", missing="Saisissez votre mot de passe actuel.")
        _say_new_passwords(self.fields)


class ConfirmPasswordForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], PASSWORD, missing="Saisissez votre mot de passe.")


def _say_code(field: forms.Field, help_text: str) -> None:
    _say(field, "Code", missing="Saisissez le code.", help_text=help_text)
    field.widget.attrs["inputmode"] = "numeric"


SIX_DIGITS = "Les 6 chiffres de votre application, ou un code de secours."


class FactorCodeForm(factor_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], SIX_DIGITS)


class FactorCodeAgainForm(factor_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], SIX_DIGITS)


class ActivateCodesForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], "Les 6 chiffres que l’application affiche maintenant.")


class AddKeyForm(key_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], "Nom de la clé", missing="Donnez un nom à la clé.", help_text="Pour la reconnaître.")
        box = self.fields["passwordless"]
        _say(box, "Me connecter avec cette clé seule, sans mot de passe", missing="")
        box.initial = True
