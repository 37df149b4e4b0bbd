"""A Django project with nothing in it but django_mpesa, as its description tells to install it."""
