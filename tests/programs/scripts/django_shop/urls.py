"""The library's endpoints, below the path that its description names."""

from django.urls import include, path

urlpatterns = [path("mpesa/", include("django_mpesa.urls"))]
