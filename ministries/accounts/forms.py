"""The forms of accounts: Django's own, with our words and our ways of sending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from ministries.models import Agent


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "Adresse électronique ou mot de passe incorrect.",
        "inactive": "Adresse électronique ou mot de passe incorrect.",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Adresse électronique"
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class ForgottenForm(PasswordResetForm):
    """Checks the address; what is sent, and to whom, is the worker's business: the page answers alike for all."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class Mailing(PasswordResetForm):
    """Sends the link, from the worker."""

    def get_users(self, email: str) -> Any:
        """Active agents of this address, those included who never had a password: that is how an account begins."""
        return Agent.objects.filter(email__iexact=email, is_active=True)

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Unlike Django's, lets a failure be known: the worker tries again."""
        subject = " ".join(render_to_string(subject_template_name, context).split())
        message = EmailMultiAlternatives(
            subject, render_to_string(email_template_name, context), from_email, [to_email]
        )
        message.send()
