"""Exporting a class's coursework and grades to a SIS, decided: pure, nothing fetched, nothing sent."""
