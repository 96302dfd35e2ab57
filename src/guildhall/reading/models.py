"""Private tables of reading: postcodes, which an operator may load. They are no list and stand in none."""

from __future__ import annotations

from django.db import models


class PostcodeFile(models.Model):
    """One file of postcodes. Its rows may be read once it is current, and only one is."""

    name = models.CharField(max_length=200)
    loaded = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="postcode_file_current"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode, its council and county by GSS code, and about where it is. `county` is empty where there is none."""

    pk = models.CompositePrimaryKey("file_id", "postcode")
    file = models.ForeignKey(PostcodeFile, on_delete=models.CASCADE, db_index=False)
    postcode = models.CharField(max_length=8)  # with its space: E8 1EA
    council = models.CharField(max_length=9)
    county = models.CharField(max_length=9, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    has_ended = models.BooleanField(default=False)


class PostcodeDistrict(models.Model):
    """How many postcodes of a district (E8) lie in a council: for those who know the first half only."""

    file = models.ForeignKey(PostcodeFile, on_delete=models.CASCADE, db_index=False)
    district = models.CharField(max_length=4)
    council = models.CharField(max_length=9)
    county = models.CharField(max_length=9, blank=True)
    postcodes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "district", "council", "county"], name="postcode_district_once")
        ]
